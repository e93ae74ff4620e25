// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/Page.h"

class QStackedLayout;

namespace weir {

class EmptyState;
class ViewState;

/// Latency per PoP over time, and the table of PoPs with the slowest first.
class LatencyPage : public Page
{
    Q_OBJECT
public:
    explicit LatencyPage(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;

private:
    void openHistory();

    ViewState& m_state;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
};

} // namespace weir
