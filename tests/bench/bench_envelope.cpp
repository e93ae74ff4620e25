// SPDX-License-Identifier: GPL-3.0-or-later
// Nanoseconds of CPU (the thread's own, so that other work on the machine counts less) that
// EnvelopeReader::read takes a message, by subjects and kinds of headers; the best of five rounds.
// Usage: bench_envelope [MESSAGES]
#include "core/envelope/EnvelopeReader.h"
#include "core/identity/Base64Url.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

using namespace weir;

namespace {

struct Load
{
    const char* name;
    std::size_t subjects;
    std::vector<std::string> blocks; ///< taken in turn
};

std::string edgeBlock(std::size_t i, const std::string& more)
{
    return "NATS/1.0\r\nCf-Ray: 230b030023ae2" + std::to_string(100 + i % 900) +
           "-FRA\r\nX-Edge-Worker: checkout\r\nX-Edge-Sent-At: 1767323045678\r\n"
           "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n" +
           more + "\r\n";
}

std::string tokenHeader(std::size_t i)
{
    const std::string claims = R"({"iss":"https://lab.example","aud":"nats","sub":"worker-)" +
                               std::to_string(i) +
                               R"(","iat":1767323000,"exp":1767326600,"scope":"publish:orders"})";
    return "Authorization: Bearer " + encodeBase64Url(R"({"alg":"ES256","typ":"JWT","kid":"lab-1"})") + "." +
           encodeBase64Url(claims) + "." + encodeBase64Url(std::string(64, static_cast<char>(i + 1))) +
           "\r\n";
}

std::vector<std::string> blocks(std::size_t count, bool withToken)
{
    std::vector<std::string> made;
    for (std::size_t i = 0; i < count; ++i)
        made.push_back(edgeBlock(i, withToken ? tokenHeader(i) : ""));
    return made;
}

double cpuNanos()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double nanosPerMessage(const Load& load, std::size_t messages)
{
    std::vector<std::string> subjects;
    for (std::size_t i = 0; i < load.subjects; ++i)
        subjects.push_back("orders.eu.shop-" + std::to_string(i * 7919 % load.subjects) + ".created");
    const auto names = std::make_shared<Names>();
    EnvelopeReader reader(EnvelopeRules::defaults(), names, {});
    std::vector<char> room(64 * 1024);
    const std::function<char*(std::size_t)> arena = [&room](std::size_t) { return room.data(); };
    RawMessage raw;
    Message message;
    const auto run = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            raw.subject = subjects[i % subjects.size()];
            raw.headers = load.blocks[i % load.blocks.size()];
            reader.read(raw, message, arena);
        }
    };
    run(std::max(load.subjects, load.blocks.size()));
    const double start = cpuNanos();
    run(messages);
    return (cpuNanos() - start) / static_cast<double>(messages);
}

} // namespace

int main(int argc, char** argv)
{
    const std::size_t messages = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2'000'000;
    const std::vector<Load> loads{{"no headers, 1 k subjects", 1'000, {""}},
                                  {"4 headers, 1 k subjects", 1'000, blocks(64, false)},
                                  {"4 headers, 1 M subjects", 1'000'000, blocks(64, false)},
                                  {"4 headers and a token, 1 k subjects", 1'000, blocks(64, true)},
                                  {"4 headers and one of 10 k tokens", 1'000, blocks(10'000, true)}};
    std::vector<double> best(loads.size(), 1e18);
    for (int round = 0; round < 5; ++round) {
        for (std::size_t i = 0; i < loads.size(); ++i)
            best[i] = std::min(best[i], nanosPerMessage(loads[i], messages));
    }
    for (std::size_t i = 0; i < loads.size(); ++i)
        std::printf("%-40s %7.0f ns a message\n", loads[i].name, best[i]);
    return 0;
}
