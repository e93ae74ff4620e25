// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target over the files of a folder, and over each of them cut short and with bytes changed: what
// of fuzzing fits into every test run. The changes come from a fixed seed.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& input)
{
    (void)LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void runChanged(const std::string& input, std::mt19937& random)
{
    constexpr int kChanged = 2000;
    for (std::size_t size = 0; size < input.size(); size += 1 + input.size() / 200)
        run(input.substr(0, size));
    for (int i = 0; i < kChanged && !input.empty(); ++i) {
        std::string changed = input;
        for (unsigned n = 1 + random() % 4; n > 0; --n)
            changed[random() % changed.size()] = static_cast<char>(random() % 256);
        run(changed);
    }
}

} // namespace

int main(int argc, char** argv)
{
    int files = 0;
    std::mt19937 random(1);
    for (const auto& entry : std::filesystem::directory_iterator(argc > 1 ? argv[1] : ".")) {
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string input{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        run(input);
        runChanged(input, random);
        ++files;
    }
    std::printf("%d seeds\n", files);
    return files > 0 ? 0 : 1;
}
