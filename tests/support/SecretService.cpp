// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/SecretService.h"

#include <QDir>
#include <QFile>

namespace weir::test {
namespace {

// Unlike the desktop's bus it starts nothing by itself: a test says what there is.
constexpr const char* kBusConfig =
    "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"\n"
    " \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
    "<busconfig><type>session</type><listen>unix:path=%1</listen><policy context=\"default\">"
    "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>\n";

void end(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.kill();
    process.waitForFinished();
}

} // namespace

SecretService::SecretService()
{
    for (const char* folder : {"home", "data", "config", "cache", "run"})
        QDir(m_dir.path()).mkpath(folder);
    QFile::setPermissions(m_dir.filePath("run"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

SecretService::~SecretService()
{
    end(m_keyring);
    end(m_bus);
}

QProcessEnvironment SecretService::environment() const
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + m_dir.filePath("run/bus"));
    variables.insert("HOME", m_dir.filePath("home"));
    variables.insert("XDG_DATA_HOME", m_dir.filePath("data"));
    variables.insert("XDG_CONFIG_HOME", m_dir.filePath("config"));
    variables.insert("XDG_CACHE_HOME", m_dir.filePath("cache"));
    variables.insert("XDG_RUNTIME_DIR", m_dir.filePath("run"));
    for (const char* desktop : {"XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION",
                                "GNOME_KEYRING_CONTROL", "GNOME_DESKTOP_SESSION_ID", "DISPLAY"})
        variables.remove(desktop);
    return variables;
}

void SecretService::use() const
{
    const QProcessEnvironment mine = environment();
    for (const QString& name : QProcessEnvironment::systemEnvironment().keys()) {
        if (!mine.contains(name))
            qunsetenv(name.toUtf8().constData());
    }
    for (const QString& name : mine.keys())
        qputenv(name.toUtf8().constData(), mine.value(name).toUtf8());
}

bool SecretService::startBus()
{
    QFile config(m_dir.filePath("bus.conf"));
    if (!config.open(QIODevice::WriteOnly))
        return false;
    config.write(QString(kBusConfig).arg(m_dir.filePath("run/bus")).toUtf8());
    config.close();
    m_bus.setProcessEnvironment(environment());
    m_bus.start("dbus-daemon", {"--config-file=" + config.fileName(), "--nofork", "--print-address"});
    // It prints its address once it listens.
    const bool listens = m_bus.waitForReadyRead(10'000);
    m_error =
        listens ? QString() : m_bus.errorString() + " " + QString::fromUtf8(m_bus.readAllStandardError());
    return listens;
}

bool SecretService::startKeyring(bool unlocked)
{
    QStringList arguments{"--foreground", "--components=secrets"};
    if (unlocked)
        arguments += "--unlock"; // with the password on stdin
    m_keyring.setProcessEnvironment(environment());
    m_keyring.start("gnome-keyring-daemon", arguments);
    if (!m_keyring.waitForStarted()) {
        m_error = m_keyring.errorString();
        return false;
    }
    if (unlocked)
        m_keyring.write("correct horse");
    m_keyring.closeWriteChannel();
    return true;
}

void SecretService::stopKeyring()
{
    end(m_keyring);
}

} // namespace weir::test
