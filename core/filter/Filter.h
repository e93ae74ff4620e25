// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/capture/Message.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct FilterNode;
struct Names;

/// Which parts of a message a reader must produce, or a filter looks at. Values combine as bits. The seq, and
/// the stream that was recorded, always stand.
enum class Column : std::uint32_t {
    Time = 1U << 0U,
    Sent = 1U << 1U, ///< and when the broker stored it
    StreamSeq = 1U << 2U,
    Subject = 1U << 3U,
    Pop = 1U << 4U,
    Worker = 1U << 5U,
    Identity = 1U << 6U, ///< and its evidence
    Trace = 1U << 7U,
    Size = 1U << 8U, ///< of headers and payload
    Reply = 1U << 9U,
    Headers = 1U << 10U,
    Payload = 1U << 11U,
};
using ColumnSet = std::uint32_t;
/// All but reply, headers and payload.
inline constexpr ColumnSet kEnvelopeOnly = (1U << 9U) - 1U;
inline constexpr ColumnSet kAllColumns = (1U << 12U) - 1U;

[[nodiscard]] constexpr ColumnSet bit(Column column)
{
    return static_cast<ColumnSet>(column);
}
[[nodiscard]] constexpr ColumnSet operator|(Column a, Column b)
{
    return bit(a) | bit(b);
}

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
    /// What `filter` and all of `terms` match; its text is the filter's.
    [[nodiscard]] static Filter both(const Filter& filter, std::vector<FilterNode> terms);

    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] ColumnSet columns() const;
    [[nodiscard]] bool matches(const Message& message, const Names& names) const;
    /// Sees to it that the messages being selected from have these columns.
    using Need = std::function<Result<void>(ColumnSet)>;
    /// Keeps of `rows` (ascending) those of `messages` that match: what matches() says of each, but a whole
    /// term at a time, and a term asks for its columns only when rows are left that it must look at.
    [[nodiscard]] Result<void> select(std::span<const Message> messages, const Names& names,
                                      std::vector<std::uint32_t>& rows, const Need& need) const;

    /// The parsed expression, for a reader that leaves out blocks which cannot match; null when empty.
    [[nodiscard]] const FilterNode* root() const;

private:
    struct Compiled;
    Filter(std::string_view text, std::optional<FilterNode> root);
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace weir
