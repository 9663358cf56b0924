"""What the parser's complaints mean to somebody who has exported a file from a school's system."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from s2s.transfers.ctf.faults import CtfFault

_CODE: Final = etree.ErrorTypes

_FAULTS: Final[Mapping[int, CtfFault]] = {
    _CODE.ERR_TAG_NOT_FINISHED: CtfFault.CUT_OFF,
    _CODE.ERR_GT_REQUIRED: CtfFault.CUT_OFF,
    _CODE.ERR_ATTRIBUTE_NOT_FINISHED: CtfFault.CUT_OFF,
    _CODE.ERR_COMMENT_NOT_FINISHED: CtfFault.CUT_OFF,
    _CODE.ERR_CDATA_NOT_FINISHED: CtfFault.CUT_OFF,
    _CODE.ERR_PI_NOT_FINISHED: CtfFault.CUT_OFF,
    _CODE.ERR_TAG_NAME_MISMATCH: CtfFault.TAGS_CROSSED,
    _CODE.ERR_NAME_REQUIRED: CtfFault.AMPERSAND,
    _CODE.ERR_ENTITYREF_SEMICOL_MISSING: CtfFault.AMPERSAND,
    _CODE.ERR_UNDECLARED_ENTITY: CtfFault.AMPERSAND,
    _CODE.ERR_LT_IN_ATTRIBUTE: CtfFault.AMPERSAND,
    _CODE.ERR_INVALID_CHAR: CtfFault.CHARACTER,
    _CODE.ERR_INVALID_CHARREF: CtfFault.CHARACTER,
    _CODE.ERR_INVALID_HEX_CHARREF: CtfFault.CHARACTER,
    _CODE.ERR_INVALID_DEC_CHARREF: CtfFault.CHARACTER,
    _CODE.NS_ERR_UNDEFINED_NAMESPACE: CtfFault.PREFIX_UNKNOWN,
    _CODE.ERR_RESERVED_XML_NAME: CtfFault.MORE_AFTER_END,
    _CODE.ERR_DOCUMENT_END: CtfFault.MORE_AFTER_END,
    _CODE.ERR_RESOURCE_LIMIT: CtfFault.BEYOND_LIMITS,
    _CODE.ERR_NAME_TOO_LONG: CtfFault.BEYOND_LIMITS,
}


def syntax_fault(error: etree.XMLSyntaxError) -> CtfFault:
    return _FAULTS.get(error.code, CtfFault.NOT_WELL_FORMED)
