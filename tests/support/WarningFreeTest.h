// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/QtWarnings.h"

#include <QObject>
#include <QTest>

#include <optional>

namespace weir::test {

/// A test class in which a Qt warning fails the test function during which it came, what its end throws away
/// included. (QTest::failOnWarning() is gone before cleanup().) A class with parts of its own makes them in
/// setUp() and lets go of them in tearDown().
class WarningFreeTest : public QObject
{
    Q_OBJECT

protected:
    virtual void setUp() {}
    virtual void tearDown() {}

private slots:
    void init();
    void cleanup();

private:
    std::optional<QtWarnings> m_warnings;
};

} // namespace weir::test
