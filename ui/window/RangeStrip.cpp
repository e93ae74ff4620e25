// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/RangeStrip.h"

#include "ui/models/Figures.h"
#include "ui/models/Format.h"
#include "ui/models/RangeHistory.h"
#include "ui/models/RateTimeline.h"
#include "ui/models/TimeText.h"
#include "ui/theme/ThemeColors.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace weir {

namespace {
constexpr int kKeySteps = 60; ///< arrow presses from one end to the other
} // namespace

QString gapText(const Gap& gap)
{
    const bool brief = gap.to != kNoTime && gap.to - gap.from < std::chrono::seconds(10);
    QString text = gap.to == kNoTime
                       ? RangeStrip::tr("Gap since %1, still lasting").arg(clockText(gap.from))
                       : RangeStrip::tr("Gap %1 – %2")
                             .arg(clockText(gap.from, false, brief), clockText(gap.to, false, brief));
    text += QLatin1Char('\n') + describeGap(gap);
    if (!gap.detail.empty())
        text += QStringLiteral(" (%1)").arg(QString::fromStdString(gap.detail));
    return text;
}

RangeStrip::RangeStrip(RateTimeline& timeline, ViewState& state, RangeHistory& ranges, QWidget* parent)
    : QWidget(parent), m_timeline(timeline), m_state(state), m_ranges(ranges)
{
    setObjectName(QStringLiteral("rangeStrip"));
    setAccessibleName(tr("Message rate over time"));
    setAccessibleDescription(
        tr("Arrows move the cursor, with Shift they choose a range, Enter shows it, plus "
           "and minus zoom, Page Up and Page Down move the range."));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    setCursor(Qt::IBeamCursor);
    connect(&m_timeline, &RateTimeline::changed, this, qOverload<>(&QWidget::update));
    connect(&m_state, &ViewState::rangeChanged, this, &RangeStrip::clearBrush);
}

QSize RangeStrip::sizeHint() const
{
    return {400, 46 + fontMetrics().height()};
}

StripScale RangeStrip::scale() const
{
    const TimeRange range = m_ranges.resolved();
    const QRectF plot = QRectF(rect()).adjusted(1, 1, -1, -fontMetrics().height() - 4);
    if (m_held)
        return {m_held->first, m_held->second, plot};
    return {range.from, range.to, plot};
}

StripPicture RangeStrip::picture() const
{
    StripPicture shown;
    shown.scale = scale();
    shown.rates = m_timeline.snapshot();
    shown.brush = m_brush;
    if (hasFocus())
        shown.cursor = m_cursor;
    describe(shown);
    return shown;
}

void RangeStrip::describe(StripPicture& shown) const
{
    const FollowStatus status = m_timeline.status();
    const bool empty = shown.rates.peak() == 0;
    switch (status.state) {
    case FollowStatus::State::Stopped:
        shown.message = tr("No history is open");
        break;
    case FollowStatus::State::Waiting:
        shown.message = tr("Waiting for the history");
        break;
    case FollowStatus::State::CatchingUp:
        shown.message = status.total == 0
                            ? tr("Reading the history…")
                            : tr("Reading the history: %1 %").arg(100 * status.scanned / status.total);
        break;
    case FollowStatus::State::Failing:
        shown.message = status.error ? QString::fromStdString(status.error->line()) : tr("Reading failed");
        shown.messageIsError = true;
        break;
    case FollowStatus::State::Following:
    case FollowStatus::State::Done:
        if (empty)
            shown.message = m_state.filter().isEmpty() ? tr("No messages in this range")
                                                       : tr("No message in this range matches the filter");
        break;
    }
    if (status.damagedBlocks > 0) {
        shown.message = tr("%1 damaged blocks left out").arg(status.damagedBlocks);
        shown.messageIsError = true;
    }
}

void RangeStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    QFont small = font();
    small.setPointSizeF(std::max(7.0, small.pointSizeF() - 1));
    painter.setFont(small);
    paintRateStrip(painter, picture(), palette());
    const ThemeColors& colors = ThemeColors::of(palette());
    painter.setPen(hasFocus() ? QPen(colors.focus, 2) : QPen(colors.border, 1));
    painter.drawRect(scale().plot.adjusted(hasFocus() ? 0 : -0.5, hasFocus() ? 0 : -0.5, 0, 0));
}

bool RangeStrip::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), tipAt(help->pos().x()), this);
        return true;
    }
    return QWidget::event(event);
}

QString RangeStrip::tipAt(double x) const
{
    const StripScale place = scale();
    const Timestamp time = place.time(x);
    const RateSnapshot rates = m_timeline.snapshot();
    QStringList lines{clockText(time, true, place.to - place.from < std::chrono::minutes(2)) + tr(" UTC")};
    if (!rates.isEmpty() && time >= rates.from && time < rates.to) {
        const auto bucket = static_cast<std::size_t>((time - rates.from) / rates.width);
        if (bucket < rates.counts.size())
            lines += tr("%1 (%2 messages in %3)")
                         .arg(shortRate(rates.rate(bucket)), fullCount(rates.counts[bucket]),
                              QString::fromStdString(formatDuration(rates.width)));
    }
    if (rates.begins != kNoTime && time < rates.begins)
        lines += tr("Nothing was recorded before %1").arg(clockText(rates.begins, true));
    for (const Gap& gap : rates.gaps) {
        const double left = place.x(gap.from);
        const double right = std::max(place.x(gap.to == kNoTime ? place.to : gap.to), left + 3);
        if (x >= left - 3 && x <= right + 3)
            lines += gapText(gap);
    }
    return lines.join(QLatin1Char('\n'));
}

void RangeStrip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const StripScale place = scale();
    m_held = {place.from, place.to};
    const Timestamp time = place.time(event->position().x());
    m_brush = {time, time};
    m_cursor = time;
    update();
}

void RangeStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (!(event->buttons() & Qt::LeftButton) || !m_brush)
        return;
    m_brush->second = scale().time(event->position().x());
    m_cursor = m_brush->second;
    update();
}

void RangeStrip::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_brush)
        return;
    const StripScale place = scale();
    const double width = std::abs(place.x(m_brush->second) - place.x(m_brush->first));
    if (width < QApplication::startDragDistance() / 2.0)
        clearBrush();
    else
        applyBrush();
}

void RangeStrip::wheelEvent(QWheelEvent* event)
{
    if (event->angleDelta().y() != 0)
        m_ranges.zoom(event->angleDelta().y() < 0);
    event->accept();
}

void RangeStrip::keyPressEvent(QKeyEvent* event)
{
    const bool choosing = event->modifiers() & Qt::ShiftModifier;
    const int step = event->modifiers() & Qt::ControlModifier ? kKeySteps / 6 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return moveCursor(-step, choosing);
    case Qt::Key_Right:
        return moveCursor(step, choosing);
    case Qt::Key_Home:
        return moveCursor(-kKeySteps, choosing);
    case Qt::Key_End:
        return moveCursor(kKeySteps, choosing);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return applyBrush();
    case Qt::Key_Escape:
        return clearBrush();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return m_ranges.zoom(false);
    case Qt::Key_Minus:
        return m_ranges.zoom(true);
    case Qt::Key_PageUp:
        return m_ranges.shift(-1);
    case Qt::Key_PageDown:
        return m_ranges.shift(1);
    default:
        QWidget::keyPressEvent(event);
    }
}

void RangeStrip::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    clearBrush();
}

void RangeStrip::moveCursor(int steps, bool choosing)
{
    const StripScale place = scale();
    const Timestamp start = m_cursor.value_or(place.from + (place.to - place.from) / 2);
    const Timestamp moved =
        std::clamp(start + (place.to - place.from) / kKeySteps * steps, place.from, place.to);
    if (choosing) {
        m_held = {place.from, place.to};
        m_brush = {m_brush ? m_brush->first : start, moved};
    } else {
        m_brush.reset();
        m_held.reset();
    }
    m_cursor = moved;
    update();
}

void RangeStrip::applyBrush()
{
    if (!m_brush || m_brush->first == m_brush->second)
        return;
    TimeRange range;
    range.live = false;
    range.from = std::min(m_brush->first, m_brush->second);
    range.to = std::max(m_brush->first, m_brush->second);
    clearBrush();
    m_state.setRange(range);
}

void RangeStrip::clearBrush()
{
    m_brush.reset();
    m_held.reset();
    m_cursor.reset();
    update();
}

} // namespace weir
