// SPDX-License-Identifier: GPL-3.0-or-later
// The first line as a filter, what follows as the headers and payload of a message that it is asked about.
#include "core/capture/Batch.h"
#include "core/envelope/Names.h"
#include "core/filter/Filter.h"
#include "core/filter/FilterSuggestions.h"

#include <algorithm>
#include <cstdlib>

using namespace weir;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

std::shared_ptr<Batch> batchOf(std::string_view rest)
{
    const std::size_t end = std::min(rest.find("\r\n\r\n"), rest.size());
    auto names = std::make_shared<Names>();
    Message message;
    message.seq = 1;
    message.time = fromUnixNanos(1'800'000'000'000'000'000);
    message.sent = message.time - Nanoseconds(rest.size());
    message.headers = rest.substr(0, end);
    message.payload = rest.substr(end);
    message.subjectName = message.payload.substr(0, message.payload.find(' '));
    message.subject = names->subjects.intern(message.subjectName);
    message.identity = names->identities.intern(
        {"ada", "", Evidence::Claimed, "", std::string(message.payload), "", kNoTime, kNoTime});
    auto batch = std::make_shared<Batch>();
    batch->messages.push_back(message);
    batch->names = std::move(names);
    return batch;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string text(input.substr(0, line));
    const auto suggestions = FilterSuggestions::at(text, size % (text.size() + 1), nullptr);
    require(suggestions.column + suggestions.length <= text.size());
    const auto error = Filter::check(text);
    const auto filter = Filter::parse(text);
    require(filter.has_value() == (error == nullptr));
    if (!filter) {
        require(error->column <= text.size() && error->length >= 1 &&
                error->error.line() == filter.error().line());
        return 0;
    }
    const auto batch = batchOf(input.substr(line));
    const bool matches = filter->matches(batch->messages.front(), *batch->names);
    std::vector<std::uint32_t> rows{0};
    const auto need = [&](ColumnSet columns) {
        require((columns & ~filter->columns()) == 0);
        return Result<void>();
    };
    require(filter->select(batch->messages, *batch->names, rows, need).has_value());
    require(rows.size() == (matches ? 1 : 0));
    // Only the nesting bound and the length bound may refuse this one.
    const auto negated = Filter::parse("NOT (" + text + ")");
    if (!filter->isEmpty() && negated)
        require(negated->matches(batch->messages.front(), *batch->names) != matches);
    return 0;
}
