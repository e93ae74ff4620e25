// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/capture/Message.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct Batch;
struct FilterNode;
struct Names;

/// Which parts of a message a reader must produce. Values combine as bits.
enum class Column : std::uint32_t {
    Envelope =
        1U << 0U, ///< seq, time, sent, subject, PoP, Worker, identity, evidence, trace, sizes: always read
    Reply = 1U << 1U,
    Headers = 1U << 2U,
    Payload = 1U << 3U,
};
using ColumnSet = std::uint32_t;
inline constexpr ColumnSet kEnvelopeOnly = static_cast<ColumnSet>(Column::Envelope);
inline constexpr ColumnSet kAllColumns = 0xF;

/// Where a filter's text is wrong; columns count characters from 0.
struct FilterError
{
    Error error;
    std::size_t column = 0;
    std::size_t length = 1;
    std::vector<std::string> expected; ///< what could stand there
};

/// The one filter grammar (design: "Filter grammar"), parsed and compiled. Immutable, cheap to copy, any
/// thread.
class Filter
{
public:
    /// The empty filter: everything matches.
    Filter();
    ~Filter();
    Filter(const Filter&);
    Filter& operator=(const Filter&);

    /// Parses `text`; on failure returns an Error whose text names the column. `now` resolves relative times.
    [[nodiscard]] static Result<Filter> parse(std::string_view text, Timestamp now = kNoTime);
    /// The same with the exact place of the error, for an input field that marks it. Null when the text is
    /// right.
    [[nodiscard]] static std::unique_ptr<FilterError> check(std::string_view text);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] ColumnSet columns() const;
    [[nodiscard]] bool matches(const Message& message, const Names& names) const;
    /// Puts the rows of `batch` that match into `rows`, ascending: what matches() says of each, faster.
    void select(const Batch& batch, std::vector<std::uint32_t>& rows) const;

    /// The parsed expression, for a reader that leaves out blocks which cannot match; null when empty.
    [[nodiscard]] const FilterNode* root() const;

private:
    struct Compiled;
    explicit Filter(std::shared_ptr<const Compiled> compiled);
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace weir
