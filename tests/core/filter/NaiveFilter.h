// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/filter/FilterSample.h"

#include <functional>
#include <random>
#include <string>

namespace weir::test {

/// A filter as text and as a plain function that says the same, made without any of the filter's code.
struct NaiveFilter
{
    std::string text;
    std::function<bool(const SampleMessage&)> matches;
};

/// A random filter of at most `depth` levels over the values that randomMessage() makes.
[[nodiscard]] NaiveFilter randomFilter(std::mt19937& random, int depth);
[[nodiscard]] SampleMessage randomMessage(std::mt19937& random);

} // namespace weir::test
