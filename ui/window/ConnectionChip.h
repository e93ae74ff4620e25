// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/MessageSource.h"
#include "ui/window/WidgetState.h"

#include <QToolButton>

namespace weir {

/// The phase in words: "connected", "reconnecting", …
[[nodiscard]] QString phaseText(ConnectionPhase phase);

/// Says where we are connected, how it stands and how the transport is protected; a click opens the connect
/// dialog. State is told by word and shape, colour only repeats it.
class ConnectionChip : public QToolButton
{
    Q_OBJECT
public:
    explicit ConnectionChip(QWidget* parent = nullptr);

    void setStatus(const ConnectionStatus& status);

    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void showText();
    void showIcon();

    QString m_fullText;
    QString m_iconName;
    StateLevel m_level = StateLevel::Normal;
};

} // namespace weir
