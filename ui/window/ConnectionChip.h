// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageSource.h"
#include "ui/views/ElidedButton.h"
#include "ui/window/WidgetState.h"

namespace weir {

/// The phase in words: "connected", "reconnecting", …
[[nodiscard]] QString phaseText(ConnectionPhase phase);

/// What went wrong with the connection: which URLs were tried, how often, why it failed and what to do; empty
/// while nothing has.
[[nodiscard]] QString connectionTrouble(const ConnectionStatus& status);

/// Says where we are connected, how it stands and how the transport is protected; a click opens the connect
/// dialog. State is told by word and shape, colour only repeats it.
class ConnectionChip : public ElidedButton
{
    Q_OBJECT
public:
    explicit ConnectionChip(QWidget* parent = nullptr);

    void setStatus(const ConnectionStatus& status);

protected:
    void changeEvent(QEvent* event) override;

private:
    void showIcon();

    QString m_iconName;
    StateLevel m_level = StateLevel::Normal;
};

} // namespace weir
