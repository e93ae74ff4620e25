// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/ConnectionChip.h"

#include "ui/theme/ThemedIcon.h"

#include <QEvent>
#include <QGuiApplication>

namespace weir {

namespace {

constexpr int kWidest = 440;

QString protectionText(const ConnectionStatus& status)
{
    if (!status.tls)
        return ConnectionChip::tr("not encrypted");
    return status.tlsVerified ? ConnectionChip::tr("TLS verified") : ConnectionChip::tr("TLS NOT verified");
}

StateLevel levelOf(const ConnectionStatus& status)
{
    switch (status.phase) {
    case ConnectionPhase::Connected:
        return status.tls && !status.tlsVerified ? StateLevel::Warning : StateLevel::Normal;
    case ConnectionPhase::Connecting:
        return status.attempts > 0 ? StateLevel::Error : StateLevel::Normal;
    case ConnectionPhase::Idle:
        return StateLevel::Normal;
    case ConnectionPhase::Reconnecting:
    case ConnectionPhase::Closed:
    case ConnectionPhase::Failed:
        break;
    }
    return StateLevel::Error;
}

QString iconOf(const ConnectionStatus& status)
{
    switch (status.phase) {
    case ConnectionPhase::Connected:
        return QStringLiteral("online");
    case ConnectionPhase::Connecting:
    case ConnectionPhase::Reconnecting:
        return QStringLiteral("wait");
    case ConnectionPhase::Failed:
        return QStringLiteral("error");
    case ConnectionPhase::Idle:
    case ConnectionPhase::Closed:
        break;
    }
    return QStringLiteral("offline");
}

} // namespace

QString phaseText(ConnectionPhase phase)
{
    switch (phase) {
    case ConnectionPhase::Idle:
        return ConnectionChip::tr("Not connected");
    case ConnectionPhase::Connecting:
        return ConnectionChip::tr("Connecting");
    case ConnectionPhase::Connected:
        return ConnectionChip::tr("Connected");
    case ConnectionPhase::Reconnecting:
        return ConnectionChip::tr("Reconnecting");
    case ConnectionPhase::Closed:
        return ConnectionChip::tr("Disconnected");
    case ConnectionPhase::Failed:
        return ConnectionChip::tr("Connection failed");
    }
    return {};
}

QString connectionTrouble(const ConnectionStatus& status)
{
    const auto& where = status.urls.empty() ? status.server : status.urls;
    const QString urls = QString::fromStdString(where);
    QString text;
    switch (status.phase) {
    case ConnectionPhase::Connecting:
        if (status.attempts == 0)
            return {};
        text = ConnectionChip::tr("Connecting to %1, attempt %2").arg(urls).arg(status.attempts);
        break;
    case ConnectionPhase::Reconnecting:
        text = status.attempts == 0
                   ? ConnectionChip::tr("Lost the connection to %1").arg(urls)
                   : ConnectionChip::tr("Reconnecting to %1, attempt %2").arg(urls).arg(status.attempts);
        break;
    case ConnectionPhase::Failed:
        text = ConnectionChip::tr("Connecting to %1 failed").arg(urls);
        break;
    case ConnectionPhase::Idle:
    case ConnectionPhase::Connected:
    case ConnectionPhase::Closed:
        return {};
    }
    if (!status.detail.empty())
        text += QStringLiteral(": ") + QString::fromStdString(status.detail);
    if (!status.hint.empty())
        text += QStringLiteral(" (%1)").arg(QString::fromStdString(status.hint));
    return text;
}

ConnectionChip::ConnectionChip(QWidget* parent) : ElidedButton(kWidest, parent)
{
    setObjectName(QStringLiteral("connectionChip"));
    setStatus({});
}

void ConnectionChip::setStatus(const ConnectionStatus& status)
{
    const bool idle = status.phase == ConnectionPhase::Idle;
    QStringList parts{phaseText(status.phase)};
    // The server comes last: it is what may be cut off.
    if (status.phase == ConnectionPhase::Connected)
        parts += protectionText(status);
    const std::string& where =
        status.server.empty() && status.phase != ConnectionPhase::Idle ? status.urls : status.server;
    if (!where.empty())
        parts += QString::fromStdString(where);
    const QString text = idle ? tr("Connect…") : parts.join(QStringLiteral(" · "));
    const StateLevel level = levelOf(status);
    QStringList tip = idle ? QStringList{tr("Not connected. Choose a broker.")} : parts;
    if (!status.serverVersion.empty())
        tip += tr("nats-server %1").arg(QString::fromStdString(status.serverVersion));
    if (const QString trouble = connectionTrouble(status); !trouble.isEmpty())
        tip += trouble;
    else if (!status.detail.empty())
        tip += QString::fromStdString(status.detail);
    const QString toolTipText = tip.join(QLatin1Char('\n'));
    if (text == fullText() && toolTipText == toolTip())
        return;
    setToolTip(toolTipText);
    setAccessibleName(tr("Connection: %1").arg(idle ? tr("not connected") : text));
    setAccessibleDescription(toolTipText);
    m_iconName = iconOf(status);
    m_level = level;
    showIcon();
    setStateLevel(this, level);
    setFullText(text);
}

void ConnectionChip::changeEvent(QEvent* event)
{
    ElidedButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

void ConnectionChip::showIcon()
{
    setIcon(themedIcon(m_iconName, stateColor(QGuiApplication::palette(), m_level)));
}

} // namespace weir
