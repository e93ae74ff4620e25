// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/HistoryFollower.h"

#include <algorithm>

namespace weir::test {

/// A history in memory: what it holds is given whole. Every opened reader sees the same.
struct HistoryContent
{
    std::vector<Message> messages; ///< in order of seq and time
    std::vector<Gap> gaps;
    std::shared_ptr<Names> names = std::make_shared<Names>();
};

class OneBatchReader final : public HistoryReader
{
public:
    explicit OneBatchReader(std::shared_ptr<const HistoryContent> content) : m_content(std::move(content)) {}

    /// What a view opens instead of a file.
    [[nodiscard]] static HistoryFollower::Opener opener(std::shared_ptr<const HistoryContent> content)
    {
        return [content](const std::filesystem::path&) -> Result<std::unique_ptr<HistoryReader>> {
            return std::unique_ptr<HistoryReader>(std::make_unique<OneBatchReader>(content));
        };
    }

    std::shared_ptr<const Names> names() override { return m_content->names; }

    Result<ScanSummary> scan(const HistoryQuery& query, std::stop_token /*stop*/,
                             const std::function<bool(const std::shared_ptr<const Batch>&)>& visit) override
    {
        auto batch = std::make_shared<Batch>();
        batch->names = m_content->names;
        ScanSummary summary;
        for (const Message& message : m_content->messages) {
            const bool inside = message.seq >= query.firstSeq && message.seq <= query.lastSeq &&
                                message.time >= query.from && message.time < query.to;
            summary.scanned += inside ? 1 : 0;
            if (inside && query.filter.matches(message, *m_content->names))
                batch->messages.push_back(message);
        }
        summary.matched = batch->messages.size();
        if (!batch->messages.empty())
            (void)visit(batch);
        return summary;
    }

    Result<std::pair<std::uint64_t, std::uint64_t>> seqRange() override
    {
        if (m_content->messages.empty())
            return std::pair<std::uint64_t, std::uint64_t>{0, 0};
        return std::pair{m_content->messages.front().seq, m_content->messages.back().seq};
    }

    Result<std::uint64_t> seqAt(Timestamp time) override
    {
        for (const Message& message : m_content->messages) {
            if (message.time >= time)
                return message.seq;
        }
        return m_content->messages.empty() ? std::uint64_t{1} : m_content->messages.back().seq + 1;
    }

    Result<HistoryInfo> info() override
    {
        HistoryInfo info;
        info.messages = m_content->messages.size();
        info.gaps = m_content->gaps;
        return info;
    }

    Result<std::vector<Gap>> gaps(Timestamp from, Timestamp to) override
    {
        std::vector<Gap> found;
        std::copy_if(m_content->gaps.begin(), m_content->gaps.end(), std::back_inserter(found),
                     [&](const Gap& gap) { return gap.from < to && (gap.to == kNoTime || gap.to > from); });
        return found;
    }

private:
    std::shared_ptr<const HistoryContent> m_content;
};

} // namespace weir::test
