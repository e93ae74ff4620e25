// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMutex>
#include <QString>
#include <QStringList>

#include <utility>

namespace weir::test {

/// While it lives, every Qt warning is kept (and still printed); a test ends with
/// `QCOMPARE(warnings.taken(), QStringList())` so that a warning fails it. One at a time; any thread may
/// warn.
class QtWarnings
{
public:
    QtWarnings()
    {
        self() = this;
        m_previous = qInstallMessageHandler(&QtWarnings::handle);
    }
    ~QtWarnings()
    {
        qInstallMessageHandler(m_previous);
        self() = nullptr;
    }
    QtWarnings(const QtWarnings&) = delete;
    QtWarnings& operator=(const QtWarnings&) = delete;

    /// What was warned since the last call.
    [[nodiscard]] QStringList taken()
    {
        const QMutexLocker lock(&m_mutex);
        return std::exchange(m_warnings, {});
    }

private:
    static QtWarnings*& self()
    {
        static QtWarnings* instance = nullptr;
        return instance;
    }

    static void handle(QtMsgType type, const QMessageLogContext& context, const QString& text)
    {
        QtWarnings* const keeper = self();
        if (type != QtDebugMsg && type != QtInfoMsg && keeper->isOurs(text)) {
            const QMutexLocker lock(&keeper->m_mutex);
            keeper->m_warnings.append(text);
        }
        if (keeper->m_previous)
            keeper->m_previous(type, context, text);
    }

    /// The offscreen platform plugin says what it cannot do whenever a window is shown, raised or grabs keys.
    static bool isOurs(const QString& text)
    {
        return !text.startsWith(QLatin1String("This plugin does not support "));
    }

    QtMessageHandler m_previous = nullptr;
    QMutex m_mutex;
    QStringList m_warnings; // guarded by m_mutex
};

} // namespace weir::test
