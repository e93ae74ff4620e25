// SPDX-License-Identifier: GPL-3.0-or-later
// weir-blast: a publisher as fast as two cores go, for benches. Prints one JSON line.
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "Options.h"
#include "Publisher.h"

namespace {

using weir::blast::Options;
using weir::blast::Publisher;

int fail(const std::string& why)
{
    std::fprintf(stderr, "weir-blast: failed: %s\n", why.c_str());
    return 1;
}

void report(const Options& options, const std::vector<std::unique_ptr<Publisher>>& publishers, double seconds)
{
    std::uint64_t sent = 0;
    std::uint64_t bytes = 0;
    for (const auto& publisher : publishers) {
        sent += publisher->sent();
        bytes += publisher->bytes();
    }
    std::printf("{\"sent\":%llu,\"bytes\":%llu,\"seconds\":%.6f,\"rate\":%.0f,\"connections\":%u}\n",
                static_cast<unsigned long long>(sent), static_cast<unsigned long long>(bytes), seconds,
                static_cast<double>(sent) / seconds, options.connections);
}

} // namespace

int main(int argc, char** argv)
{
    const auto options = weir::blast::parseOptions(argc, argv);
    if (!options)
        return 2;
    std::vector<std::unique_ptr<Publisher>> publishers;
    for (unsigned i = 0; i < options->connections; ++i) {
        publishers.push_back(std::make_unique<Publisher>(*options, i));
        if (const auto failure = publishers.back()->open())
            return fail(*failure);
    }
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    threads.reserve(publishers.size());
    for (const auto& publisher : publishers)
        threads.emplace_back([&publisher] { publisher->run(); });
    for (auto& thread : threads)
        thread.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    for (const auto& publisher : publishers) {
        if (publisher->failure())
            return fail(*publisher->failure());
    }
    report(*options, publishers, seconds);
    return 0;
}
