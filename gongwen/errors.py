"""The error tree. Whatever is not one of these is a bug and must surface."""

from __future__ import annotations

# Every reason a file can be refused or read only in part: one Chinese sentence and what to do about it.
REASONS: dict[str, tuple[str, str]] = {
    "empty": ("文件是空的（0 字节）", "请检查原文件，重新复制或导出后再放入"),
    "not_regular": ("不是普通文件（可能是链接、目录或设备）", "请把文件本身复制到收件文件夹"),
    "unreadable": ("没有读取该文件的权限", "请检查文件权限后重试"),
    "missing": ("找不到该文件", "请检查路径是否写对，文件是否已被移走"),
    "changed": ("读取时文件仍在变化", "文件可能还在复制，系统会在下次扫描时重试"),
    "too_large": ("文件过大", "请拆分或压缩图片后重新放入"),
    "type_mismatch": ("扩展名与内容不符", "已按实际内容读取，请核对原文件"),
    "unsupported": ("暂不支持这种格式", "请用 WPS 或 Word 另存为 DOCX 后重新放入；压缩包请先解开"),
    "wrong_content": (
        "内容不是文件名所说的格式", "请重新获取完整的文件，再重新放入；内容本来就是文字的，请把扩展名改为 .txt 后放入",
    ),
    "encoding": ("无法识别文字编码", "请用 UTF-8 或 GB18030 编码另存后重新放入"),
    "binary": ("内容不是文字", "请检查是否放错了文件"),
    "password": ("文件有密码", "请在收文情况页面输入密码（或运行 unlock），也可以放入无密码的版本"),
    "wrong_password": ("密码不对", "请核对后再输入一次，文件仍在等待"),
    "not_locked": ("这个文件没有等待输入密码", "请刷新收文情况页面，核对是哪个文件"),
    "no_unlock": ("这种加密方式不能在本系统打开", "请用原来的程序打开，另存为无密码的版本后放入"),
    "zip_bad": ("压缩结构已损坏", "请重新获取完整的文件，再重新放入"),
    "zip_entries": ("压缩包内文件过多", "请拆分后重新放入"),
    "zip_total": ("压缩包解开后过大", "请拆分后重新放入"),
    "zip_ratio": ("压缩比异常，可能是压缩炸弹", "请核对文件来源"),
    "zip_path": ("压缩包内有越界路径", "请核对文件来源"),
    "zip_symlink": ("压缩包内有链接", "请核对文件来源"),
    "zip_duplicate": ("压缩包内有重名成员", "请用 Word 打开后另存，再重新放入"),
    "zip_overlap": ("压缩包成员相互重叠", "请核对文件来源"),
    "xml_dtd": ("文件内含外部实体声明，已拒绝", "请用 Word 打开后另存，再重新放入"),
    "ofd_path": ("OFD 内部路径越界", "请核对文件来源"),
    "ofd_missing_part": ("OFD 缺少页面内容", "请重新导出 OFD"),
    "page_size": ("页面尺寸异常", "请重新打印为 A4 的 PDF"),
    "too_many_pages": ("页数过多", "请拆分后重新放入"),
    "image_pixels": ("图片像素过大", "请缩小图片后重新放入"),
    "too_much_text": ("文字过多", "请拆分后重新放入"),
    "html_truncated": ("网页层次过深，可能没有读全", "请核对网页原文"),
    "no_text_needs_ocr": ("没有文字层，是扫描件或图片", "请安装文字识别组件 rapidocr 后重试，或放入有文字的版本"),
    "ocr_text": ("文字由扫描件识别而来", "可能有错字，请对照原件核对"),
    "ocr_unread": ("扫描件中有的行没有识别出来", "请对照原件核对"),
    "ocr_pages": ("扫描页过多，只识别了前一部分", "请拆分后重新放入"),
    "no_text": ("没有读到文字", "请检查原文件是否为空白"),
    "empty_page": ("有的页面没有文字", "请核对这些页面是否为图片"),
    "parse_error": ("文件已损坏，无法读取", "请重新获取完整的文件，再重新放入"),
    "partly_damaged": ("文件有损坏之处，可能没有读全", "请重新获取完整的文件，再重新放入"),
    "memory": ("读取时占用内存过大", "请拆分后重新放入，或核对文件来源"),
    "cpu": ("读取时计算量过大", "请拆分后重新放入，或核对文件来源"),
    "timeout": ("读取超时", "请拆分后重新放入，或核对文件来源"),
    "crash": ("读取程序意外退出", "请另存为其他格式后重新放入"),
    "output_too_large": ("读出的内容过大", "请拆分后重新放入"),
    "worker_died_3x": ("三次处理都未完成", "请另存为其他格式后重新放入，或联系管理员"),
    "extract_error": ("抽取程序出错", "原件已保存，请联系管理员；程序修复后运行 rebuild 会重新处理"),
    "damaged": ("库中原件与其校验值不符", "请从备份恢复该原件"),
    "no_space": ("磁盘空间不足", "请腾出空间后重新收文"),
    "secret_mark": ("文件标有密级，不得在本系统存放", "请按保密规定处理，并通知管理员"),
    "crc": ("压缩校验不符，已按内容读取", "请核对原文件"),
    "signed": ("文件带有电子签名或电子印章", "系统没有验证其是否有效，需要时请用 OFD 阅读器核验"),
    "lost_characters": ("有的字编码有误，读出来是“�”", "请对照原件核对"),
    "drawn_text": ("有的文字是画成的图形，没有读到", "请核对版头、标题等处，或放入文字可以选中的版本"),
    "charset_mismatch": ("网页声明的编码与实际不符", "已按实际编码读取，请核对原文件"),
    "member_password": (
        "其中有带密码的文件，没有取出",
        "压缩包的密码可在收文情况页面输入（或运行 unlock），也可以解开后把无密码的版本单独放入",
    ),
    "member_damaged": ("其中有损坏的文件，没有取出", "请重新获取完整的文件，再单独放入"),
    "member_skipped": ("其中有链接或设备等，已略过", "如有需要，请把文件本身单独放入"),
    "nesting": ("压缩包或邮件套得过深，里面的文件没有取出", "请解开后单独放入"),
    "needs_unpacker": ("本机不能解开这种压缩包", "请用解压软件解开，把里面的文件放入，或另存为 ZIP"),
    "frames": ("网页的正文在框架里，没有保存在这个文件中", "请打开框架里的页面，另存后放入"),
    "sheet_size": ("表格行、列或工作表过多，没有读全", "请删去空行空列，或拆分后重新放入"),
    "formula_uncalculated": ("表中有的公式没有计算结果", "请用 WPS 或 Excel 打开后保存，再重新放入"),
    "hidden_cells": ("文件中有隐藏的工作表、行、列或幻灯片，已一并读入", "请核对隐藏的内容是否应当收录"),
    "macros": ("文件带有宏，宏没有运行，只读取了文字", "请核对文件来源"),
    "needs_converter": (
        "DOC、WPS、RTF、ODT 文件要用 LibreOffice 转换，本机没有安装",
        "请管理员运行 apt install libreoffice-writer（Windows 在 WSL 里运行），装好后再收文会自动补读；"
        "也可以另存为 DOCX 后放入",
    ),
    "converted": ("由 LibreOffice 转换后读取，版面和编号可能与原件略有出入", "请以原件为准"),
    "date_field": ("文中有自动更新的日期域，显示的日期会随打开、转换的时间变化", "请核对原件上的日期"),
    "tracked_changes": ("文件带有未接受的修订，已按接受全部修订后的文字读取", "请核对是否为定稿"),
    "comments": ("文件带有批注，批注没有收入正文", "请核对原件中的批注"),
    "hidden_text": ("文件有隐藏文字，隐藏部分没有读取", "请核对原件中的隐藏文字"),
    "embedded_object": ("文件内嵌有其他程序的对象（如 Excel 表、公式），内嵌的内容没有读取", "请核对原件"),
    "foreign_part": ("文件中插有其他文件，插入的部分没有读取", "请用 Word 打开、合并后另存，再重新放入"),
    "no_font": (
        "这一页用的字体没有嵌在文件里，本机也没有中文字体，无法显示",
        "请管理员安装中文字体（apt install fonts-noto-cjk）后重启网站",
    ),
    "withdrawn": ("这个文件已从资料库撤出，不再收入", "如需重新收入，请联系管理员"),
    "no_sandbox": ("本机无法隔离运行转换程序", "请联系管理员检查系统设置"),
}


class GongwenError(Exception):
    """Root of all errors this project raises on purpose."""


class SourceError(GongwenError):
    """This file cannot be read. `code` is a key of REASONS; `detail` is for the log, in English."""

    def __init__(self, code: str, detail: str = "") -> None:
        if code not in REASONS:
            raise ValueError(f"unknown reason code {code!r}")
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    @property
    def sentence(self) -> str:
        """What happened and what to do, in Chinese, for the person who handed in the file."""
        what, action = REASONS[self.code]
        return f"{what}。{action}。"


class RuleError(GongwenError):
    """A rule file is wrong: the message names the file, the rule and the text."""


class SettingsError(GongwenError):
    """A setting is missing or wrong: the message names the setting and where it came from."""


class IndexBusy(GongwenError):  # noqa: N818  (design.md and style.md name it so)
    """Another process holds the index writer: try again later."""


class StoreError(GongwenError):
    """The corpus folder is not usable: the message says why, in Chinese."""


class TypedError(GongwenError):
    """What a person typed is not a value of its kind: the message says why and how to write it, in Chinese."""
