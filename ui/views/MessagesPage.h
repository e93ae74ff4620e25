// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/Page.h"

class QStackedLayout;

namespace weir {

class EmptyState;
class ViewState;

/// The table of messages: follows live traffic, pauses without losing, scrolls back into history without a
/// seam.
class MessagesPage : public Page
{
    Q_OBJECT
public:
    explicit MessagesPage(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;

private:
    void openHistory();

    ViewState& m_state;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
};

} // namespace weir
