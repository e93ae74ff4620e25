// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/envelope/Names.h"
#include "core/history/HistoryReader.h"

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace weir::test {

/// A history that computes each message from its seq, so that a test has 100 million of them at no cost. The
/// traffic is that of an edge: 12 PoPs, one of them slow, three Workers, four identities of different
/// evidence, JSON payloads. Grows, loses its oldest and gets gaps as a test says. Any thread.
class VirtualHistory
{
public:
    static constexpr std::array<const char*, 12> kPops{"FRA", "LHR", "AMS", "CDG", "IAD", "SJC",
                                                       "GRU", "NRT", "SIN", "SYD", "JNB", "BOM"};

    VirtualHistory();

    void setCount(std::uint64_t messages) { m_last = messages; }
    void append(std::uint64_t messages) { m_last += messages; }
    /// Retention: everything below `seq` is gone.
    void expireBelow(std::uint64_t seq) { m_first = seq; }
    void setGaps(std::vector<Gap> gaps);
    /// The first message from which GRU is slow.
    void setSlowFrom(std::uint64_t seq) { m_slowFrom = seq; }
    /// When message 0 came.
    void setStart(Timestamp start) { m_start = toUnixNanos(start); }
    /// Adds so many subjects of random customers to the eight usual ones; before the first reader.
    void addSubjects(int count);
    /// Adds a PoP to the twelve usual ones; before the first reader.
    void addPop(const char* name) { m_pops.push_back(m_names->pops.intern(name)); }
    /// Messages a second of its clock.
    void setRate(std::uint64_t perSecond) { m_perSecond = perSecond; }
    /// Seqs [first, last] cannot be read, as in a damaged block.
    void damage(std::uint64_t first, std::uint64_t last);
    /// Runs on the reader's thread before each scan; a test holds a scan back with it.
    void setBeforeScan(std::function<void(const HistoryQuery&)> hook);
    void failOpen(std::optional<Error> error);
    /// What message `seq` carries instead of its usual JSON and headers.
    void setContent(std::uint64_t seq, std::string headers, std::string payload);

    [[nodiscard]] Timestamp timeOf(std::uint64_t seq) const;
    [[nodiscard]] std::shared_ptr<Names> names() const { return m_names; }
    [[nodiscard]] Result<std::unique_ptr<HistoryReader>> open();
    /// Scans begun since the start.
    [[nodiscard]] int scans() const { return m_scans; }

    /// Whole messages [first, last] as a batch.
    [[nodiscard]] std::shared_ptr<Batch> batch(std::uint64_t first, std::uint64_t last,
                                               ColumnSet columns) const;

private:
    friend class VirtualReader;
    void fill(Message& message, std::uint64_t seq) const;
    [[nodiscard]] std::string headersOf(const Message& message) const;

    std::atomic<std::uint64_t> m_first{1};
    std::atomic<std::uint64_t> m_last{0};
    std::atomic<std::uint64_t> m_perSecond{1000};
    std::atomic<std::int64_t> m_start{1'767'323'045'000'000'000}; // 2026-01-02T03:04:05Z
    std::atomic<std::uint64_t> m_slowFrom{1};
    std::atomic<int> m_scans{0};
    std::shared_ptr<Names> m_names = std::make_shared<Names>();
    std::vector<SubjectId> m_subjects;
    std::vector<PopId> m_pops;
    std::vector<WorkerId> m_workers;
    std::vector<IdentityId> m_identities;

    struct Content
    {
        std::uint64_t seq;
        std::string headers;
        std::string payload;
    };
    mutable std::mutex m_mutex;
    std::vector<Gap> m_gaps;                                 // guarded by m_mutex
    std::pair<std::uint64_t, std::uint64_t> m_damaged{1, 0}; // guarded by m_mutex
    std::function<void(const HistoryQuery&)> m_beforeScan;   // guarded by m_mutex
    std::optional<Error> m_openError;                        // guarded by m_mutex
    std::vector<Content> m_contents;                         // guarded by m_mutex
};

} // namespace weir::test
