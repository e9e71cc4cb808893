"""7z archives as py7zr writes them: two texts and an empty file each, packed by the named method."""

import base64

import pytest
from box_kit import unpack

from gongwen.errors import SourceError
from ingest.readers.seven import READER
from ingest.sniff import sniff

ARCHIVES = {
    "plain": (
        "N3q8ryccAATO6F+7WgAAAAAAAACJAAAAAAAAAMt72VzgAPIAUl0Aci6OLlXdXEOQ7cBb8QIyAlteBbVLzs/yLhZgK9CJkab19Mv4"
        "5UByCNZf6rrcOPCA5RJaSG8eEDVsvayf3w45ztZdVZfMi+hse1Y4QJc6+XRKwAABBAYAAQlaAAcLAQABISEBEAyA8wAIDQMJgLc8"
        "CgGPyqYO1ydjLgAAAAAAAAUDESsAGpDldy8AAE4uAHQAeAB0AAAAjE4uAHQAeAB0AAAAenouAHQAeAB0AAAAFBoBAKDXx3Qpet0B"
        "0ODHdCl63QEw5sd0KXrdARUOAQAggICBIICAgSCAgIEAAA=="
    ),
    "lzma": (
        "N3q8ryccAATRn5dkzAAAAAAAAAAVAAAAAAAAADCBe+gAci6OLlXdXEOQ7cBb8QIyAlteBbVLzs/yLhZgK9CJkab19Mv45UByCNZf"
        "6rrcOPCA5RJaSG8eEDVsvayf3w45ztZdVZfMi+hse1Y4QJc7BrMXMH/5zuCA4ACOAGxdAACBMweuD9Moqf1AwJDTQ8Th+eiq9GiB"
        "jo8QxJxyjGl2izloy5zOxH++vdi7vdTQ0Vu6py5/Juw9RZT30bhMq80AwAZ4mxDPn46FOUe0SLiaaHkWs2Z2mZ9wNfgAWBi+HqZm"
        "ugvnOsDj0SAAAAAXBlgBCXQABwsBAAEhIQEYDICPAAA="
    ),
    "bzip2": (
        "N3q8ryccAASqhhagCgEAAAAAAAAWAAAAAAAAAE2QHHJCWmg5MUFZJlNZ0e+iLAAAXlH5ABBAAA8liABWE6I1g8Os3AegIACQMaaD"
        "QAyaAyNNDE0YR+qijUP1NIaGJpo0Gmj1Mz1U33RFIpciiLIsi9HWiyNCL0XovRLm8WDexZKQ6NziqowXJaG5mYs7kwVh3NL7clXy"
        "srCYZKqsm1+NiUv55KOjmxZmdKVmKUv8XckU4UJDR76IsOAAjgBqXQAAgTMHrg/VMC+XFmwpH0dLv0OVCDWND67TKoNYXUgJjAiP"
        "6Qs5iQF60MN3OPXMn2li26KtD6glhuWE1TXP/EcFJkz5BlOokkb3w4NZNkZjum08qepLw3im9ZEGxqUhDXta6IPhfoPyAAAAABcG"
        "gJgBCXIABwsBAAEhIQEYDICPAAA="
    ),
    "deflate": (
        "N3q8ryccAASPQES3xgAAAAAAAAAVAAAAAAAAALP4I1t7smvi0+3znu5oer584tO1y551NTybs/5pb/+TPbOetm5+sqvv6Z6Gpxun"
        "AmWfzVz3bMvup10rns9qedkw6/n8pVxPBkxzcWpyfl6KQlpmTirJbADgAI4Aal0AAIEzB64P0vUM/UDAkM7lyzKfGVXKCq+WW4aU"
        "GrWNYPiHKypfUoBuDD6ftNrpqv6tygMAT6bvwd8eUitQrke9xbzPmwX09FUGDFHqi86SQEMTqjw6hjs0FbuUP/DVHo33yyynm32s"
        "LiMAAAAXBlQBCXIABwsBAAEhIQEYDICPAAA="
    ),
    "copy": (
        "N3q8ryccAAQtRmLBYgEAAAAAAAAWAAAAAAAAAEZFA1vkupHlt57luILnp5HlrabmioDmnK/ljY/kvJrlhbPkuo7lvIDlsZXnp5Hm"
        "ma7mtLvliqjnmoTpgJrnn6UK5LqR5bee5biC56eR5a2m5oqA5pyv5Y2P5Lya5YWz5LqO5byA5bGV56eR5pmu5rS75Yqo55qE6YCa"
        "55+lCuS6keW3nuW4guenkeWtpuaKgOacr+WNj+S8muWFs+S6juW8gOWxleenkeaZrua0u+WKqOeahOmAmuefpQpzZWNvbmQgZmls"
        "ZQpzZWNvbmQgZmlsZQpzZWNvbmQgZmlsZQpzZWNvbmQgZmlsZQpzZWNvbmQgZmlsZQrgAIoAZ10AAIEzB64P1TIz0wclR1cMKAN8"
        "shqenan9VfApwr8kuWvhha1xnq5R4mCOMMN4COzr5Pl7SQbxSTI1ggDtR9G4hvV9BF1Cmge5fUoXZr0yAe/oObj5BIKKiUk8XeF6"
        "Hi1nGLn13wAAAAAXBoDzAQlvAAcLAQABISEBGAyAiwAA"
    ),
    "default": (
        "N3q8ryccAARDQbrk0gAAAAAAAAAVAAAAAAAAAPmx5iTgAPIAUV0Aci6OLlXdXEOQ7cBb8QIyAlteBbVLztIMjja6ybn/bRTcLJXT"
        "YdDOM3wc40icXWDjP8cxMpuDndupSJP8KigPSIfFSzNsbAO5JO8jbMNR1aAAAOAAlgBxXQAAgTMHrg/TNZE9QLuUZBx+62Jj9rmX"
        "kirhp2ue+QHcKSK1BABTQqjBaSLatXEfXNE0UJOT5rmmI36ZbImvdkNTin66iMbhWX1r0OK6ZZN6/VVLKKWEMzHveAGecputm3E+"
        "aeHfE6tjnA/HPCnKugAAAAAXBlkBCXkABwsBAAEhIQEYDICXAAA="
    ),
    "ppmd": (
        "N3q8ryccAATs2MStyAAAAAAAAAAVAAAAAAAAALW9zVQA49Mm5rL5VhxD4YQtSKGuEcr9o3eHyzUSt4HolDMH2fllMjPg81QfqWDO"
        "Uf0I35/61Vaoz+dGYD5ymHgAPH/+gsLdaxKGjqKlTsRG4YAAAOAAlgBwXQAAgTMHrg/SwW/9QMCQ00PFKi0DoBB2n7pEIpwjHjKR"
        "tZ6RXGQAN2/fHrJIoriUA8/rNy7BEzLrhrj4dCVB0O1ip0I9v+34jMXwfhHBY9uhbsNfEahkvQzLIlcT78TAn8SQRX2gPZbVv+ll"
        "3DnsAAAAABcGUAEJeAAHCwEAASEhARgMgJcAAA=="
    ),
    "password": (
        "N3q8ryccAATJnxPw9AAAAAAAAAAWAAAAAAAAALXw8qMdI62HHsCwnk+nH7PtfLvNGIHD04NOv8DhlzmikqoPMrzHX/ayQ/EUaNRq"
        "4XC3E/OYNaswPToSKWBp/GNCV1cT4JQBjAM1mztTwGdomd82cnWH1QCJvUVZhO0Zo41XV4XgAK4AjF0AAIEzB64P05AmXDVNMTEl"
        "Zr4XTEpSx0J7DBrYORr3+BznXhLFulmZvRXf1Jft26IZ1ak+mUaRc4ijXhoazYq33T2KVqWI2OJkJkvUkCSKJVmHwA4+t/EBi/s9"
        "lOZWn52miZLiR7mapcb7ruB4t4bja7vtVjcbn7CiO4b1eti1aTvRSHTiQ5SKE5sAAAAAFwZgAQmAlAAHCwEAASEhARgMgK8AAA=="
    ),
    "names": (
        "N3q8ryccAAREXlEJEAEAAAAAAAAqAAAAAAAAAIf/b0Pcz3ufLcf1mW5kB+mRViV3dpoaIFyo4SMR0nOIMb0tjaStIoTkGqao/NoT"
        "AsI9DxDeizYTGudaf08k1TGZ0C2DWc1DbrYwme9gGWe1NZshv/eR5LD2c8D6nK8WFez7OM7lZoguc9CiwXEyk6okW0v0gEPXBwdw"
        "sVMUaSVN+7jkmj6IVAcDl08fj7E4tNojaFqOC3R3fF88ApePTY3ctlAL7sqrTMYi3t3ZwxlCvRXZHmquWfOeOwOfTd4jhrgYRvBH"
        "lgUcYCK942bxokVsEHCUo9IdKt/oezoEL3T15igqLXf2Lqq+toF/bUef33hDgkfk3FtS8tQ62EDDlFYnpiBCDZJEv/CQaoxYrAC6"
        "c9kOHRcGYAEJgLAABwsBAAEkBvEHARJTD0tJpxVhN9FUT12ktSkB31QMgK8AAA=="
    ),
}
ONE, TWO = "云州市科学技术协会关于开展科普活动的通知\n".encode() * 3, b"second file\n" * 5


def opened(data: bytes, **limits: int):
    media_type, _ = sniff(data, "材料.7z")
    return unpack(READER, data, media_type, "材料.7z", **limits)


def archive(name: str) -> bytes:
    return base64.b64decode(ARCHIVES[name])


@pytest.mark.parametrize("method", ["plain", "lzma", "bzip2", "deflate", "copy", "default"])
def test_members_come_out_whole(method):
    document, basket = opened(archive(method))
    assert basket.files == [("通知/一.txt", ONE), ("二.txt", TWO)]
    assert basket.left == {"空.txt": "empty"}
    assert (document.text, document.complete) == ("通知/一.txt\n二.txt\n空.txt\n", True)


@pytest.mark.parametrize(
    ("name", "code"), [("ppmd", "needs_unpacker"), ("password", "password"), ("names", "password")]
)
def test_what_cannot_be_unpacked_says_why(name, code):
    with pytest.raises(SourceError) as caught:
        opened(archive(name))
    assert caught.value.code == code


def test_limits_leave_what_was_read():
    document, basket = opened(archive("plain"), most=1)
    assert (basket.names, basket.left["二.txt"], document.reasons) == (["通知/一.txt"], "zip_entries", ("zip_entries",))
    document, basket = opened(archive("plain"), total=100)
    assert (basket.names, document.reasons) == ([], ("zip_total",))


@pytest.mark.parametrize("cut", [20, 40, 120, 200])
def test_a_cut_archive_is_refused(cut):
    with pytest.raises(SourceError) as caught:
        opened(archive("plain")[:cut])
    assert caught.value.code == "zip_bad"


def test_damaged_bytes_are_told():
    data = bytearray(archive("copy"))
    data[40] ^= 1
    document, basket = opened(bytes(data))
    assert basket.left["通知/一.txt"] == "member_damaged"
    assert document.reasons == ("member_damaged",)


@pytest.mark.parametrize("method", ["plain", "lzma", "bzip2", "deflate", "copy"])
def test_any_changed_byte_is_refused_or_told(method):
    """Nothing but SourceError leaves the reader, and no changed member passes for whole."""
    whole = archive(method)
    for at in range(12, len(whole)):
        data = bytearray(whole)
        data[at] ^= 0x5A
        try:
            _, basket = opened(bytes(data))
        except SourceError:
            continue
        assert [content for _, content in basket.files if content not in (ONE, TWO)] == []


def test_a_directory_that_lies():
    """With its checksums put right, what it says is still only read within its bounds."""
    import struct
    import zlib

    whole = archive("plain")
    offset, size = struct.unpack("<QQ", whole[12:28])
    for at in range(32 + offset, 32 + offset + size):
        for value in (0, 0x7F, 0xFF):
            data = bytearray(whole)
            data[at] = value
            data[28:32] = struct.pack("<I", zlib.crc32(data[32 + offset : 32 + offset + size]))
            data[8:12] = struct.pack("<I", zlib.crc32(data[12:32]))
            try:
                opened(bytes(data))
            except SourceError as error:
                assert error.sentence
