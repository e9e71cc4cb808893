"""What people are told of a file that was not read."""

import pytest

from gongwen.errors import REASONS, SourceError


@pytest.mark.parametrize("code", REASONS)
def test_nothing_is_advised_that_the_site_cannot_do(code):
    sentence = SourceError(code).sentence
    assert "上传" not in sentence


def test_a_sentence_says_what_and_what_to_do():
    sentence = SourceError("no_text_needs_ocr").sentence
    assert sentence == "没有文字层，是扫描件或图片。请安装文字识别组件 rapidocr 后重试，或放入有文字的版本。"


def test_unknown_codes_are_bugs():
    with pytest.raises(ValueError, match="no_such_code"):
        SourceError("no_such_code")
