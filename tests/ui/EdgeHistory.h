// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/broker/BrokerLook.h"
#include "tests/core/history/HistoryFixture.h"

#include <cstddef>
#include <filesystem>
#include <string>

namespace weir::test {

/// A recording of an organisation's edge of about so many nodes in each picture of the topology: PoPs,
/// Workers and identities that publish, subjects, streams and services that take them, servers and leaf
/// nodes. With two looks at the broker. The same for the same number.
class EdgeHistory
{
public:
    /// Of a minute that began then, if it is told; problem() says why there is none.
    explicit EdgeHistory(std::size_t nodes, Timestamp begin = kNoTime);

    [[nodiscard]] std::filesystem::path path() const { return m_file.path(); }
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    [[nodiscard]] BrokerLook look(bool second) const;
    void keepLook(bool second);
    void record();

    const std::size_t m_nodes;
    HistoryFixture m_file;
    std::string m_problem;
};

} // namespace weir::test
