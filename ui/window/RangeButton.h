// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace weir {

class RangeHistory;
class ViewState;

/// Shows the time range and offers others: live for the last 1 m to 24 h, or a custom one.
class RangeButton : public QToolButton
{
    Q_OBJECT
public:
    /// Both outlive it.
    RangeButton(ViewState& state, RangeHistory& ranges, QWidget* parent = nullptr);

    /// Opens the dialog for a custom range.
    void askForRange();

private:
    void fillMenu();
    void refresh();

    ViewState& m_state;
    RangeHistory& m_ranges;
};

} // namespace weir
