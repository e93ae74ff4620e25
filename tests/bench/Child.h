// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace weir::bench {

/// CPU that was used, in seconds, user and system.
inline double secondsOf(const rusage& usage)
{
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A child process with its stdout in a file; waits give the CPU that it used. What fails ends the bench.
class Child
{
public:
    Child(const std::vector<std::string>& command, const std::string& out, const std::string& err)
    {
        std::vector<char*> argv;
        for (const std::string& word : command)
            argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                         0600);
        if (posix_spawn(&m_pid, argv[0], &files, nullptr, argv.data(), environ) != 0) {
            std::fprintf(stderr, "cannot start %s\n", argv[0]);
            std::exit(1);
        }
        posix_spawn_file_actions_destroy(&files);
    }
    struct Use
    {
        double cpu;    ///< seconds, user and system
        double memory; ///< MiB, resident at most
    };
    [[nodiscard]] Use wait() const
    {
        int status = 0;
        rusage usage{};
        wait4(m_pid, &status, 0, &usage);
        if (status != 0 && WEXITSTATUS(status) != 3) {
            std::fprintf(stderr, "a child failed with status %d\n", status);
            std::exit(1);
        }
        return {secondsOf(usage), static_cast<double>(usage.ru_maxrss) / 1024};
    }

private:
    pid_t m_pid = 0;
};

inline QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Until another process says so in a file of its own.
inline void waitForWord(const QString& path, const QByteArray& word)
{
    while (!contents(path).contains(word))
        usleep(2000);
}

} // namespace weir::bench
