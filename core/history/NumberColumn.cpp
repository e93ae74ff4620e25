// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/history/NumberColumn.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace weir {
namespace {

constexpr std::int64_t kAbsent = std::numeric_limits<std::int64_t>::min();

/// Differences wrap, so that every pair of int64 has one.
std::uint64_t difference(std::int64_t later, std::int64_t earlier)
{
    return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
}

std::int64_t sum(std::int64_t base, std::uint64_t step)
{
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + step);
}

/// Room for `count` varints at the end of `out`, cut to what was written when this goes.
class VarintRoom
{
public:
    VarintRoom(std::string& out, std::size_t count) : m_out(out), m_start(out.size())
    {
        out.resize(m_start + count * kMaxVarint);
        m_at = out.data() + m_start;
    }
    ~VarintRoom() { m_out.resize(static_cast<std::size_t>(m_at - m_out.data())); }
    VarintRoom(const VarintRoom&) = delete;
    VarintRoom& operator=(const VarintRoom&) = delete;
    void put(std::uint64_t value) { m_at = writeVarint(m_at, value); }

private:
    std::string& m_out;
    std::size_t m_start;
    char* m_at;
};

std::int64_t commonUnit(std::span<const std::int64_t> moments)
{
    std::int64_t unit = 1'000'000'000;
    for (const std::int64_t moment : moments) {
        while (moment != kAbsent && moment % unit != 0)
            unit /= 1000;
    }
    return unit;
}

/// By eleven bits at a time: a full block's set is sorted in a quarter of the time that comparing takes.
void sortIds(std::vector<std::uint32_t>& ids)
{
    constexpr unsigned kBits = 11;
    constexpr std::size_t kFewest = 256;
    if (ids.size() < kFewest) {
        std::sort(ids.begin(), ids.end());
        return;
    }
    const auto greatest = *std::max_element(ids.begin(), ids.end());
    std::vector<std::uint32_t> sorted(ids.size());
    for (unsigned shift = 0; shift < 32 && (greatest >> shift) != 0; shift += kBits) {
        std::array<std::uint32_t, 1U << kBits> places{};
        const auto digit = [shift](std::uint32_t id) { return (id >> shift) & ((1U << kBits) - 1); };
        for (const std::uint32_t id : ids)
            ++places[digit(id)];
        std::exclusive_scan(places.begin(), places.end(), places.begin(), std::uint32_t{0});
        for (const std::uint32_t id : ids)
            sorted[places[digit(id)]++] = id;
        ids.swap(sorted);
    }
}

} // namespace

void appendDeltas(std::span<const std::int64_t> numbers, std::int64_t base, std::string& out)
{
    VarintRoom room(out, numbers.size());
    for (const std::int64_t number : numbers) {
        room.put(zigzag(difference(number, base)));
        base = number;
    }
}

bool readDeltas(ByteReader& in, std::int64_t base, std::span<std::int64_t> numbers)
{
    for (std::int64_t& number : numbers)
        number = base = sum(base, unzigzag(in.varint()));
    return in.ok();
}

void appendMoments(std::span<const std::int64_t> moments, std::int64_t base, std::string& out)
{
    const std::int64_t unit = commonUnit(moments);
    appendFixed(out, unit);
    base /= unit;
    VarintRoom room(out, 2 * moments.size());
    for (const std::int64_t moment : moments) {
        if (moment == kAbsent) {
            room.put(0);
            continue;
        }
        const std::uint64_t step = zigzag(difference(moment / unit, base));
        base = moment / unit;
        if (step > std::numeric_limits<std::uint64_t>::max() - 2) { // no room for the 2: whole
            room.put(1);
            room.put(zigzag(static_cast<std::uint64_t>(base)));
        } else {
            room.put(step + 2);
        }
    }
}

bool readMoments(ByteReader& in, std::int64_t base, std::span<std::int64_t> moments)
{
    const auto unit = in.fixed<std::int64_t>();
    if (unit != 1 && unit != 1000 && unit != 1'000'000 && unit != 1'000'000'000)
        return false;
    base /= unit;
    for (std::int64_t& moment : moments) {
        const std::uint64_t coded = in.varint();
        if (coded == 0) {
            moment = kAbsent;
            continue;
        }
        base = coded == 1 ? sum(0, unzigzag(in.varint())) : sum(base, unzigzag(coded - 2));
        moment =
            static_cast<std::int64_t>(static_cast<std::uint64_t>(base) * static_cast<std::uint64_t>(unit));
    }
    return in.ok();
}

void appendNumbers(std::span<const std::uint64_t> numbers, std::string& out)
{
    VarintRoom room(out, numbers.size());
    for (const std::uint64_t number : numbers)
        room.put(number);
}

bool readNumbers(ByteReader& in, std::span<std::uint64_t> numbers)
{
    for (std::uint64_t& number : numbers)
        number = in.varint();
    return in.ok();
}

void appendPlanes(std::span<const std::uint32_t> ids, std::string& out)
{
    std::uint32_t all = 0;
    for (const std::uint32_t id : ids)
        all |= id;
    const unsigned width = (static_cast<unsigned>(std::bit_width(all)) + 7) / 8;
    out += static_cast<char>(width);
    std::size_t at = out.size();
    out.resize(at + width * ids.size());
    for (unsigned plane = 0; plane < width; ++plane) {
        for (const std::uint32_t id : ids)
            out[at++] = static_cast<char>(id >> (8 * plane));
    }
}

bool readPlanes(ByteReader& in, std::span<std::uint32_t> ids)
{
    const unsigned width = in.fixed<std::uint8_t>();
    if (width > sizeof(std::uint32_t))
        return false;
    std::fill(ids.begin(), ids.end(), 0);
    for (unsigned plane = 0; plane < width; ++plane) {
        const std::string_view bytes = in.take(ids.size());
        for (std::size_t row = 0; row < bytes.size(); ++row)
            ids[row] |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[row])) << (8 * plane);
    }
    return in.ok();
}

void appendIdSet(std::vector<std::uint32_t>& ids, std::string& out)
{
    sortIds(ids);
    VarintRoom room(out, ids.size());
    std::uint32_t last = 0;
    for (const std::uint32_t id : ids) {
        room.put(id - last);
        last = id;
    }
}

bool readIdSet(std::string_view bytes, std::vector<std::uint32_t>& ids)
{
    ByteReader in(bytes);
    std::uint32_t last = 0;
    ids.clear();
    while (in.left() > 0) {
        last += static_cast<std::uint32_t>(in.varint());
        ids.push_back(last);
    }
    return in.ok();
}

} // namespace weir
