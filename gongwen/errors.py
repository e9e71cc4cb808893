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
    "encoding": ("无法识别文字编码", "请用 UTF-8 或 GB18030 编码另存后重新放入"),
    "binary": ("内容不是文字", "请检查是否放错了文件"),
    "password": ("文件有密码", "请放入无密码的版本"),
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
    "charset_mismatch": ("网页声明的编码与实际不符", "已按实际编码读取，请核对原文件"),
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
