using System.Text;
using Ambient.Lab.Benchmarking.Load;

namespace Ambient.UnitTests.Lab;

public sealed class HttpResponseReaderTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, false)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", 200, false)]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: Close\r\n\r\nno", 404, true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 200, false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n", 304, false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", 200, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\n0\r\n0\r\nTrailer: yes\r\n\r\n", 200, false)]
    public void Finds_the_end_however_the_answer_is_split(string answer, int status, bool closes)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(answer);
        for (int step = 1; step <= bytes.Length; step++)
        {
            var reader = new HttpResponseReader();
            for (int at = 0; at < bytes.Length; at += step)
            {
                bool isLast = at + step >= bytes.Length;
                Assert.Equal(isLast ? HttpReadStatus.Completed : HttpReadStatus.NeedMore, reader.Read(bytes.AsSpan(at, Math.Min(step, bytes.Length - at))));
            }

            Assert.Equal((status, closes), (reader.Status, reader.ClosesConnection));
        }
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20\r\n\r\n")]
    [InlineData("HTTP/1.1 999 No\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno field\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab")]
    public void Refuses_what_is_no_answer(string text)
    {
        var reader = new HttpResponseReader();

        Assert.Equal(HttpReadStatus.Failed, reader.Read(Encoding.ASCII.GetBytes(text)));
        Assert.NotEmpty(reader.Fault);
    }

    [Fact]
    public void Refuses_a_head_without_end()
    {
        var reader = new HttpResponseReader();
        byte[] piece = new byte[1000];
        Array.Fill(piece, (byte)'a');
        HttpReadStatus status = HttpReadStatus.NeedMore;
        int fed = 0;
        while (status == HttpReadStatus.NeedMore && fed < 10 * HttpResponseReader.MaxHeadBytes)
        {
            status = reader.Read(piece);
            fed += piece.Length;
        }

        Assert.Equal(HttpReadStatus.Failed, status);
        Assert.InRange(fed, HttpResponseReader.MaxHeadBytes, HttpResponseReader.MaxHeadBytes + piece.Length);
    }

    [Fact]
    public void An_answer_without_a_length_ends_with_the_connection()
    {
        var reader = new HttpResponseReader();

        Assert.Equal(HttpReadStatus.NeedMore, reader.Read("HTTP/1.1 200 OK\r\n\r\nany"u8));
        Assert.Equal(HttpReadStatus.Completed, reader.ReadEnd());
        Assert.True(reader.ClosesConnection);
    }

    [Theory]
    [InlineData("", "without an answer")]
    [InlineData("HTTP/1.1 200 OK\r\nConte", "cut short")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "cut short")]
    public void An_end_before_the_end_is_a_fault(string text, string fault)
    {
        var reader = new HttpResponseReader();
        Assert.Equal(HttpReadStatus.NeedMore, reader.Read(Encoding.ASCII.GetBytes(text)));

        Assert.Equal(HttpReadStatus.Failed, reader.ReadEnd());
        Assert.Contains(fault, reader.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_one_answer_after_another()
    {
        var reader = new HttpResponseReader();
        Assert.Equal(HttpReadStatus.Completed, reader.Read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"u8));

        reader.Reset();

        Assert.Equal(0, reader.Status);
        Assert.Equal(HttpReadStatus.Completed, reader.Read("HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\na"u8));
        Assert.Equal(503, reader.Status);
    }
}
