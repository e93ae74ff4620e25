// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/StatusStrip.h"

#include "ui/models/Figures.h"
#include "ui/theme/ThemeColors.h"
#include "ui/theme/ThemedIcon.h"
#include "ui/window/WidgetState.h"

#include <QHBoxLayout>
#include <QLabel>

#include <utility>

namespace weir {

namespace {

constexpr int kRoomy = 1200; // px in which everything can be said
const QString kNone = QStringLiteral("–");

void put(QLabel* label, const QString& text, StateLevel level = StateLevel::Normal)
{
    if (label->text() != text) {
        label->setText(text);
        label->setAccessibleName(label->property("caption").toString() + QLatin1Char(' ') + text);
    }
    setStateLevel(label, level);
}

} // namespace

QString coverageText(const Coverage& coverage)
{
    if (coverage.complete())
        return StatusStrip::tr("Complete");
    QStringList parts;
    if (coverage.gaps > 0)
        parts +=
            coverage.gaps == 1 ? StatusStrip::tr("1 gap") : StatusStrip::tr("%1 gaps").arg(coverage.gaps);
    if (const auto dropped = coverage.droppedBroker + coverage.droppedQueue; dropped > 0)
        parts += StatusStrip::tr("%1 dropped").arg(fullCount(dropped));
    if (coverage.failed > 0)
        parts += StatusStrip::tr("%1 not stored").arg(fullCount(coverage.failed));
    if (coverage.sampledOut > 0)
        parts += StatusStrip::tr("%1%2 sampled out")
                     .arg(coverage.sampledEstimated ? StatusStrip::tr("about ") : QString(),
                          coverage.sampledEstimated ? shortCount(static_cast<double>(coverage.sampledOut))
                                                    : fullCount(coverage.sampledOut));
    return StatusStrip::tr("Incomplete: %1").arg(parts.join(QStringLiteral(", ")));
}

StatusStrip::StatusStrip(QWidget* parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("statusStrip"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->setSpacing(6);
    m_received = addItem(QStringLiteral("statusReceived"), tr("In"));
    m_stored = addItem(QStringLiteral("statusStored"), tr("Stored"));
    m_dropped = addItem(QStringLiteral("statusDropped"), tr("Dropped"));
    m_sampled = addItem(QStringLiteral("statusSampled"), tr("Taken"));
    m_history = addItem(QStringLiteral("statusHistory"), tr("History"));
    m_roundTrip = addItem(QStringLiteral("statusRoundTrip"), tr("Broker RTT"));
    layout->addStretch(1);
    m_roundTripCaption = findChild<QLabel*>(QStringLiteral("statusRoundTripCaption"));
    m_coverageIcon = new QLabel(this);
    m_coverage = new QLabel(this);
    m_coverage->setObjectName(QStringLiteral("statusCoverage"));
    m_coverage->setProperty("caption", tr("Coverage"));
    layout->addWidget(m_coverageIcon);
    layout->addWidget(m_coverage);
    setNoCapture({});
}

QLabel* StatusStrip::addItem(const QString& name, const QString& label)
{
    auto* row = static_cast<QHBoxLayout*>(layout());
    auto* caption = new QLabel(label, this);
    caption->setProperty("muted", true);
    caption->setObjectName(name + QStringLiteral("Caption"));
    auto* value = new QLabel(this);
    value->setObjectName(name);
    value->setProperty("caption", label);
    value->setMinimumWidth(value->fontMetrics().horizontalAdvance(QStringLiteral("00.0 k/s")));
    row->addWidget(caption);
    row->addWidget(value);
    row->addSpacing(8);
    return value;
}

void StatusStrip::setStatus(const CaptureStatus& status, const std::filesystem::path& history,
                            Nanoseconds steady)
{
    m_receivedMeter.add(status.coverage.received, steady);
    m_storedMeter.add(status.coverage.stored, steady);
    put(m_received, shortRate(m_receivedMeter.perSecond()));
    m_received->setToolTip(tr("%1 messages received, %2")
                               .arg(fullCount(status.coverage.received),
                                    shortBytes(static_cast<double>(status.coverage.bytesIn))));
    put(m_stored, shortRate(m_storedMeter.perSecond()),
        status.failure ? StateLevel::Error : StateLevel::Normal);
    m_stored->setToolTip(tr("%1 messages stored, %2 on their way")
                             .arg(fullCount(status.coverage.stored), fullCount(status.coverage.inFlight())));
    showDropped(status.coverage);
    const auto oneIn = status.connection.sampleOneIn;
    put(m_sampled, oneIn <= 1 ? tr("all") : tr("about 1 in %1").arg(oneIn),
        oneIn <= 1 ? StateLevel::Normal : StateLevel::Warning);
    m_sampled->setToolTip(oneIn <= 1 ? tr("Everything that the subscription matches is taken")
                                     : tr("The observation budget is used up: a declared sample is taken"));
    setHistory(history, status.bytesOnDisk);
    const auto roundTrip = status.connection.roundTrip;
    put(m_roundTrip, roundTrip == kNoDuration ? kNone : QString::fromStdString(formatDuration(roundTrip)));
    m_shown = status.coverage;
    showCoverage();
}

void StatusStrip::setRangeFlaws(std::size_t gaps, std::uint64_t damagedBlocks)
{
    if (gaps == m_rangeGaps && damagedBlocks == m_rangeDamage)
        return;
    m_rangeGaps = gaps;
    m_rangeDamage = damagedBlocks;
    showCoverage();
}

void StatusStrip::setReading(bool reading)
{
    if (std::exchange(m_reading, reading) != reading)
        showCoverage();
}

QString StatusStrip::rangeFlaws() const
{
    QStringList parts;
    if (m_rangeGaps > 0)
        parts += m_rangeGaps == 1 ? tr("1 gap") : tr("%1 gaps").arg(fullCount(m_rangeGaps));
    if (m_rangeDamage > 0)
        parts += m_rangeDamage == 1 ? tr("1 damaged block")
                                    : tr("%1 damaged blocks").arg(fullCount(m_rangeDamage));
    return parts.isEmpty() ? QString() : tr("%1 in the time range").arg(parts.join(QStringLiteral(", ")));
}

/// "Complete" is said only where both the recording and the range that is looked at are.
void StatusStrip::showCoverage()
{
    const QString flaws = rangeFlaws();
    const bool flawed = !flaws.isEmpty() || (m_shown && !m_shown->complete());
    const bool complete = m_shown && !flawed && !m_reading;
    const StateLevel level = flawed ? StateLevel::Error : complete ? StateLevel::Good : StateLevel::Normal;
    QString text = !m_shown               ? tr("Not recording")
                   : m_reading && !flawed ? tr("Reading the history…")
                                          : coverageText(*m_shown);
    if (!flaws.isEmpty() && !m_shown)
        text += QStringLiteral(" · ") + flaws;
    else if (!flaws.isEmpty() && m_shown->complete())
        text = tr("Incomplete: %1").arg(flaws);
    put(m_coverage, text, level);
    if (flawed || m_shown)
        m_coverageIcon->setPixmap(themedPixmap(QLatin1String(flawed     ? "gap"
                                                             : complete ? "check"
                                                                        : "wait"),
                                               16, stateColor(palette(), level), devicePixelRatioF()));
    else
        m_coverageIcon->clear();
    QStringList tip;
    if (m_shown)
        tip += tr("%1\nof %2 messages offered since this recording began")
                   .arg(coverageText(*m_shown), fullCount(m_shown->offered()));
    if (!flaws.isEmpty())
        tip += tr("%1, see the strip above").arg(flaws);
    m_coverage->setToolTip(tip.join(QLatin1Char('\n')));
    fitRoom();
}

void StatusStrip::showDropped(const Coverage& coverage)
{
    const auto dropped = coverage.droppedBroker + coverage.droppedQueue;
    put(m_dropped, fullCount(dropped), dropped > 0 ? StateLevel::Error : StateLevel::Normal);
    m_dropped->setToolTip(tr("By the broker or its client (we took too slowly): %1\nBy our queue (full): %2\n"
                             "Not stored (the disk refused): %3\nLeft with the broker by the budget: %4")
                              .arg(fullCount(coverage.droppedBroker), fullCount(coverage.droppedQueue),
                                   fullCount(coverage.failed), fullCount(coverage.sampledOut)));
}

void StatusStrip::setHistory(const std::filesystem::path& history, std::uint64_t bytes)
{
    m_historyName = history.empty() ? kNone : QString::fromStdString(history.filename().string());
    m_historySize = bytes == 0 ? QString() : shortBytes(static_cast<double>(bytes));
    m_history->setToolTip(QString::fromStdString(history.string()));
    fitRoom();
}

void StatusStrip::fitRoom()
{
    const bool narrow = width() < kRoomy;
    const bool sizeAlone = narrow && !m_historySize.isEmpty(); // the name is in the window's title
    put(m_history, m_historySize.isEmpty() ? m_historyName
                   : sizeAlone             ? m_historySize
                                           : QStringLiteral("%1 · %2").arg(m_historySize, m_historyName));
    const bool calm = m_coverage->property("state").toString() != QLatin1String("error");
    for (QWidget* part : {m_roundTrip, m_roundTripCaption})
        part->setVisible(!narrow || calm);
}

void StatusStrip::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitRoom();
}

void StatusStrip::setNoCapture(const std::filesystem::path& history)
{
    m_receivedMeter = {};
    m_storedMeter = {};
    for (QLabel* label : {m_received, m_stored, m_dropped, m_sampled, m_roundTrip}) {
        put(label, kNone);
        label->setToolTip(tr("Nothing is being recorded"));
    }
    setHistory(history, 0);
    m_shown.reset();
    showCoverage();
}

} // namespace weir
