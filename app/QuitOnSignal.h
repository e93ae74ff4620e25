// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace weir {

/// Turns SIGINT and SIGTERM into an orderly QCoreApplication::quit(), so that a recording is closed and not
/// cut off. gui thread.
class QuitOnSignal : public QObject
{
public:
    /// Call it before any thread starts (QApplication starts some): threads inherit what is blocked.
    static void blockSignals();

    QuitOnSignal();
    ~QuitOnSignal() override;

private:
    int m_descriptor;
};

} // namespace weir
