import unittest

import pytest

from parcel.returns import Return, label, refund


class PaperworkTestCase(unittest.TestCase):
    def setUp(self):
        self.entry = Return("T-1", "P-1")


class LabelTests(PaperworkTestCase):
    async def test_the_label_names_parcel_and_pickup(self):
        self.assertEqual(await label(self.entry), "RETURN T-1 / P-1")


class RefundTests(unittest.TestCase):
    @pytest.mark.asyncio
    async def test_an_intact_parcel_is_refunded_whole(self):
        self.assertEqual(await refund(490, damaged=False), 490)

    @pytest.mark.asyncio
    async def test_a_damaged_parcel_is_refunded_by_half(self):
        self.assertEqual(await refund(490, damaged=True), 245)
