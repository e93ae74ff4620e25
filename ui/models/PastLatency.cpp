// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/PastLatency.h"

#include "core/base/Clock.h"
#include "core/history/SumFeed.h"

#include <array>

namespace weir {
namespace {

using std::chrono::hours;

constexpr std::array<Nanoseconds, 3> kBefore{hours(24), hours(24 * 7), hours(1)};
constexpr std::chrono::minutes kAgain{1};

/// Each PoP's figures of [from, to); none where sums tell of no message.
std::map<std::string, LatencyFigures> figuresOf(HistoryReader& reader, const std::stop_token& stop,
                                                Timestamp from, Timestamp to, const Filter& filter)
{
    LatencyTracker::Options options;
    options.keepFor = to - from + hours(1);
    LatencyTracker tracker(options);
    const auto names = reader.names();
    SumFeed feed(
        reader, {from, to, to - from > hours(1) ? kMinuteSlot : kSecondSlot, filter},
        [&](const RollupSlot& slot) { tracker.consumeSums(slot, names); },
        [&](const std::shared_ptr<const Batch>& batch) { tracker.consume(batch); });
    std::map<std::string, LatencyFigures> figures;
    const auto done = feed.run(stop);
    // Who reads what is shown meets the same error, and tells it.
    if (!done || done->unknownTo != kNoTime || stop.stop_requested())
        return figures;
    for (const PopLatency& pop : tracker.series(Timestamp::min(), Timestamp::max(), 1))
        figures[pop.name] = pop.summary;
    return figures;
}

EarlierFigures earlier(HistoryReader& reader, const std::stop_token& stop, Timestamp from, Timestamp to,
                       const Filter& filter)
{
    for (const Nanoseconds before : kBefore) {
        if (before < to - from)
            continue;
        auto figures = figuresOf(reader, stop, from - before, to - before, filter);
        if (!figures.empty())
            return {before, std::move(figures)};
    }
    return {};
}

} // namespace

PastLatency::PastLatency(ViewState& state, HistoryFollower::Opener open, QObject* parent)
    : QObject(parent), m_state(state), m_open(std::move(open))
{
    m_restart.setSingleShot(true);
    m_restart.setInterval(0);
    connect(&m_restart, &QTimer::timeout, this, &PastLatency::restart);
    connect(&m_again, &QTimer::timeout, this, &PastLatency::read);
    for (const auto signal :
         {&ViewState::historyChanged, &ViewState::rangeChanged, &ViewState::filterChanged})
        connect(&m_state, signal, &m_restart, qOverload<>(&QTimer::start));
    m_restart.start();
}

PastLatency::~PastLatency() = default;

void PastLatency::restart()
{
    ++m_generation;
    m_reader.reset();
    m_again.stop();
    m_figures = {};
    emit changed();
    if (m_state.history().empty() || !SumFilter::knows(m_state.filter()))
        return;
    m_reader =
        std::make_unique<ReaderThread>([open = m_open, path = m_state.history()] { return open(path); });
    if (m_state.range().live)
        m_again.start(kAgain);
    read();
}

void PastLatency::read()
{
    const TimeRange& range = m_state.range();
    const Timestamp to = range.live ? SystemClock().now() : range.to;
    const Timestamp from = range.live ? to - range.span : range.from;
    constexpr Nanoseconds kFarthest = kBefore[1];
    if (from < Timestamp::min() + kFarthest || to == Timestamp::max())
        return;
    m_reader->post(0, [this, from, to, filter = m_state.filter(), generation = m_generation](
                          Result<HistoryReader*> reader, const std::stop_token& stop) {
        if (!reader)
            return; // likewise
        auto figures = earlier(**reader, stop, from, to, filter);
        QMetaObject::invokeMethod(
            this,
            [this, generation, found = std::move(figures)]() mutable {
                if (generation != m_generation)
                    return;
                m_figures = std::move(found);
                emit changed();
            },
            Qt::QueuedConnection);
    });
}

} // namespace weir
