// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/Shell.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcessEnvironment>

namespace weir::test {
namespace {

constexpr int kPatienceMs = 60'000;
const QString kWeir = QStringLiteral(WEIR_BINARY);

} // namespace

QJsonObject Said::json() const
{
    return QJsonDocument::fromJson(out).object();
}

QList<QJsonObject> Said::lines() const
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : out.split('\n')) {
        if (!line.isEmpty())
            objects.append(QJsonDocument::fromJson(line).object());
    }
    return objects;
}

QByteArray Said::all() const
{
    return "exit " + QByteArray::number(code) + "\nstdout: " + out.left(4000) + "\nstderr: " + err;
}

Shell::Shell() = default;

std::unique_ptr<QProcess> Shell::prepare(const InChild& inChild) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"})
        environment.remove(name);
    environment.insert("XDG_CONFIG_HOME", m_dir.filePath("config"));
    process->setProcessEnvironment(environment);
    process->setWorkingDirectory(m_dir.path());
    if (inChild)
        process->setChildProcessModifier(inChild);
    return process;
}

std::unique_ptr<QProcess> Shell::startWithWindow(const QStringList& arguments) const
{
    auto process = prepare({});
    QProcessEnvironment environment = process->processEnvironment();
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    process->setProcessEnvironment(environment);
    process->start(kWeir, arguments);
    return process;
}

std::unique_ptr<QProcess> Shell::start(const QStringList& arguments, const InChild& inChild) const
{
    auto process = prepare(inChild);
    process->start(kWeir, arguments);
    return process;
}

Said Shell::weir(const QStringList& arguments, const InChild& inChild) const
{
    return finish(*start(arguments, inChild));
}

Said Shell::script(const QString& script, const QStringList& arguments) const
{
    auto process = prepare({});
    process->start("bash", QStringList{"-c", script, "bash", kWeir} + arguments);
    return finish(*process);
}

bool waitFor(QProcess& process, const QByteArray& word, QByteArray& said)
{
    process.setReadChannel(QProcess::StandardError);
    said += process.readAllStandardError();
    while (!said.contains(word)) {
        if (!process.waitForReadyRead(kPatienceMs))
            return false;
        said += process.readAllStandardError();
    }
    return true;
}

Said finish(QProcess& process, QByteArray said)
{
    Said result;
    const bool ended = process.state() == QProcess::NotRunning || process.waitForFinished(kPatienceMs);
    if (!ended) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        result.code = process.exitCode();
    }
    result.out = process.readAllStandardOutput();
    result.err = said + process.readAllStandardError();
    return result;
}

Said record(const Shell& shell, const NatsServer& server, const QString& history, int count,
            const std::function<void()>& publish, const QStringList& more)
{
    const auto process =
        shell.start(QStringList{"record", "--server", server.url(), "--subject", ">", "--history", history,
                                "--count", QString::number(count), "--format", "json"} +
                    more);
    QByteArray said;
    if (waitFor(*process, "recording", said))
        publish();
    else
        process->kill();
    return finish(*process, said);
}

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace weir::test
