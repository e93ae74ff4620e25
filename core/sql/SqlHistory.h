// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/history/Database.h"
#include "core/history/HistoryReader.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// The history behind the tables of one SQLite connection: what they share, and what became of their reading.
/// Belongs to the thread that uses the connection.
class SqlHistory
{
public:
    /// Called once for each block that is left out as it is damaged.
    using TellDamage = std::function<void(const Error&)>;

    /// Opens nothing yet. An empty path: there is no history.
    explicit SqlHistory(std::filesystem::path path, TellDamage tellDamage = {});

    [[nodiscard]] Result<void> open();
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

    /// Cursors that are open at the same time see the same messages: those that were committed when the first
    /// of them was opened. So a statement that reads them twice agrees with itself.
    [[nodiscard]] Result<void> enter();
    void leave();
    [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> seqs() const { return m_seqs; }
    /// The order of seq is that of time, as far as blocks go: the clock was never set back.
    [[nodiscard]] Result<bool> timesRise();
    /// About how many messages there are.
    [[nodiscard]] std::uint64_t messages() const;

    /// A reader for one scan; give it back.
    [[nodiscard]] Result<std::unique_ptr<HistoryReader>> takeReader();
    void giveBack(std::unique_ptr<HistoryReader> reader) { m_readers.push_back(std::move(reader)); }
    /// A connection for tables that are read whole.
    [[nodiscard]] Database& database() { return *m_database; }

    void noteDamage(const Error& damage);
    [[nodiscard]] const std::vector<Error>& damage() const { return m_damage; }
    /// Messages received in [from, to) were asked for.
    void noteRead(Timestamp from, Timestamp to);
    /// What was asked for at all, from the earliest to the latest; nothing: no message was.
    [[nodiscard]] std::optional<std::pair<Timestamp, Timestamp>> read() const { return m_read; }

    /// Keeps the error that SQLite will report as a text.
    void noteFailure(const Error& error) { m_failure = error; }
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }

private:
    std::filesystem::path m_path;
    TellDamage m_tellDamage;
    std::optional<Database> m_database;
    std::vector<std::unique_ptr<HistoryReader>> m_readers;
    int m_inside = 0;
    std::pair<std::uint64_t, std::uint64_t> m_seqs{0, 0};
    std::vector<Error> m_damage;
    std::optional<std::pair<Timestamp, Timestamp>> m_read;
    std::optional<Error> m_failure;
};

} // namespace weir
