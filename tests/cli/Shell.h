// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/NatsServer.h"

#include <QByteArray>
#include <QDir>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace weir::test {

/// What a finished command said.
struct Said
{
    int code = -1; ///< -1: it did not end by itself
    QByteArray out;
    QByteArray err;

    [[nodiscard]] QJsonObject json() const;         ///< of `out`
    [[nodiscard]] QList<QJsonObject> lines() const; ///< of `out`, one object a line
    [[nodiscard]] QByteArray all() const;           ///< for a test's message
};

/// A folder of its own in which weir runs without any configuration, session or display of the user's.
class Shell
{
public:
    /// Runs in the child between fork and exec: async-signal-safe calls only.
    using InChild = std::function<void()>;

    Shell();

    [[nodiscard]] QString file(const QString& name) const { return QDir(m_dir.path()).filePath(name); }
    [[nodiscard]] Said weir(const QStringList& arguments, const InChild& inChild = {}) const;
    /// `script` of bash, whose "$@" is weir with `arguments`.
    [[nodiscard]] Said script(const QString& script, const QStringList& arguments) const;
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList& arguments,
                                                  const InChild& inChild = {}) const;
    /// The console, where no display is needed.
    [[nodiscard]] std::unique_ptr<QProcess> startWithWindow(const QStringList& arguments) const;

private:
    [[nodiscard]] std::unique_ptr<QProcess> prepare(const InChild& inChild) const;
    QTemporaryDir m_dir;
};

/// Waits until `word` stands in what the process said on stderr; `said` keeps all of it.
[[nodiscard]] bool waitFor(QProcess& process, const QByteArray& word, QByteArray& said);
/// Waits for the end and takes the rest.
[[nodiscard]] Said finish(QProcess& process, QByteArray said = {});

/// Records what `publish` sends, exactly `count` messages, into `history`.
[[nodiscard]] Said record(const Shell& shell, const NatsServer& server, const QString& history, int count,
                          const std::function<void()>& publish, const QStringList& more = {});

/// All bytes of a file; what was recorded before must be there after.
[[nodiscard]] QByteArray bytesOf(const QString& path);

} // namespace weir::test
