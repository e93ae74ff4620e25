// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace weir::test {

/// Another program of the test's own: ended with this object, by its id.
class Program
{
public:
    Program(const QString& program, const QStringList& arguments,
            const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment())
    {
        m_process.setProcessEnvironment(environment);
        m_process.start(program, arguments);
    }
    ~Program()
    {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Waits until `word` stands on its stderr.
    [[nodiscard]] bool says(const QByteArray& word, int patienceMs = 30'000)
    {
        m_process.setReadChannel(QProcess::StandardError);
        while (!m_said.contains(word)) {
            if (m_process.bytesAvailable() == 0 && !m_process.waitForReadyRead(patienceMs))
                return false;
            m_said += m_process.readAllStandardError();
        }
        return true;
    }
    /// Waits for its end; the exit code, -1 when it did not end by itself.
    [[nodiscard]] int exitCode(int patienceMs = 60'000)
    {
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(patienceMs))
            return -1;
        return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    void kill() // SIGKILL
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    void terminate() { m_process.terminate(); }

    [[nodiscard]] QByteArray output() { return m_process.readAllStandardOutput(); }
    [[nodiscard]] QJsonObject json() { return QJsonDocument::fromJson(output()).object(); }
    [[nodiscard]] QByteArray errors()
    {
        m_said += m_process.readAllStandardError();
        return m_said;
    }
    [[nodiscard]] qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
    QByteArray m_said;
};

} // namespace weir::test
