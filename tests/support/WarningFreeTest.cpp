// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/WarningFreeTest.h"

namespace weir::test {

void WarningFreeTest::init()
{
    m_warnings.emplace();
    setUp();
}

void WarningFreeTest::cleanup()
{
    tearDown();
    const QStringList warned = m_warnings->taken();
    m_warnings.reset();
    QCOMPARE(warned, QStringList());
}

} // namespace weir::test
