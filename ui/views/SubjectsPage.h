// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/Page.h"

class QStackedLayout;

namespace weir {

class EmptyState;
class ViewState;

/// The tree of subjects with what flows below each: messages, rate, bytes, a sparkline.
class SubjectsPage : public Page
{
    Q_OBJECT
public:
    explicit SubjectsPage(ViewState& state, QWidget* parent = nullptr);

    [[nodiscard]] QString title() const override;
    [[nodiscard]] QString iconName() const override;

private:
    void openHistory();

    ViewState& m_state;
    QStackedLayout* m_layout;
    EmptyState* m_empty;
};

} // namespace weir
