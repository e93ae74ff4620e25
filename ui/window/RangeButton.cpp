// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/RangeButton.h"

#include "ui/dialogs/RangeDialog.h"
#include "ui/models/RangeHistory.h"
#include "ui/models/TimeText.h"
#include "ui/theme/ThemedIcon.h"

#include <QActionGroup>
#include <QMenu>

#include <array>

namespace weir {

namespace {

using namespace std::chrono_literals;

struct Preset
{
    Nanoseconds span;
    const char* id;
};
constexpr std::array<Preset, 6> kPresets{{{1min, "range1m"},
                                          {5min, "range5m"},
                                          {15min, "range15m"},
                                          {1h, "range1h"},
                                          {6h, "range6h"},
                                          {24h, "range24h"}}};

} // namespace

RangeButton::RangeButton(ViewState& state, RangeHistory& ranges, QWidget* parent)
    : QToolButton(parent), m_state(state), m_ranges(ranges)
{
    setObjectName(QStringLiteral("rangeButton"));
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::StrongFocus);
    setIcon(themedIcon(QStringLiteral("clock")));
    setMenu(new QMenu(this));
    fillMenu();
    connect(&m_state, &ViewState::rangeChanged, this, &RangeButton::refresh);
    refresh();
}

void RangeButton::fillMenu()
{
    menu()->setObjectName(QStringLiteral("rangeMenu"));
    auto* group = new QActionGroup(this);
    group->setExclusionPolicy(QActionGroup::ExclusionPolicy::ExclusiveOptional);
    for (const Preset& preset : kPresets) {
        QAction* action = menu()->addAction(tr("Live, last %1").arg(spanText(preset.span)));
        action->setObjectName(QLatin1String(preset.id));
        action->setCheckable(true);
        action->setData(static_cast<qlonglong>(preset.span.count()));
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, span = preset.span] {
            TimeRange range;
            range.span = span;
            m_state.setRange(range);
            refresh();
        });
    }
    menu()->addSeparator();
    QAction* custom = menu()->addAction(tr("From … to …"));
    custom->setObjectName(QStringLiteral("rangeCustom"));
    connect(custom, &QAction::triggered, this, &RangeButton::askForRange);
}

void RangeButton::askForRange()
{
    const TimeRange shown = m_ranges.resolved();
    auto* dialog = new RangeDialog(shown, m_ranges.now(), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_state.setRange(dialog->range()); });
    dialog->open();
}

void RangeButton::refresh()
{
    const TimeRange& range = m_state.range();
    setText(rangeText(range));
    setAccessibleName(tr("Time range: %1").arg(text()));
    setToolTip(range.live
                   ? tr("The range that ends now. All views show it.")
                   : tr("A fixed range, %1 long. All views show it.").arg(spanText(range.to - range.from)));
    for (QAction* action : menu()->actions()) {
        if (action->isCheckable())
            action->setChecked(range.live && action->data().toLongLong() == range.span.count());
    }
}

} // namespace weir
