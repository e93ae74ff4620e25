// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>

#include <string>

namespace weir::test {

/// An HTTP server of 127.0.0.1 that answers every request with one document. Lives in the test's thread.
class JwksServer : public QObject
{
    Q_OBJECT
public:
    JwksServer();

    [[nodiscard]] std::string url() const;
    std::string body = R"({"keys":[]})";
    QByteArray status = "200 OK";
    QByteArray headers;  ///< further lines, each with CRLF
    bool silent = false; ///< takes requests and never answers
    int requests = 0;

private:
    void answer();
    QTcpServer m_server;
};

} // namespace weir::test
