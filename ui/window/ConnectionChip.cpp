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
    if (!status.server.empty())
        parts += QString::fromStdString(status.server);
    const QString text = idle ? tr("Connect…") : parts.join(QStringLiteral(" · "));
    const StateLevel level = levelOf(status);
    QStringList tip = idle ? QStringList{tr("Not connected. Choose a broker.")} : parts;
    if (!status.serverVersion.empty())
        tip += tr("nats-server %1").arg(QString::fromStdString(status.serverVersion));
    if (!status.detail.empty())
        tip += QString::fromStdString(status.detail);
    if (status.attempts > 0)
        tip += tr("Attempt %1 since the connection was lost").arg(status.attempts);
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
