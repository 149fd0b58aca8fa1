using System.Net;
using System.Net.Sockets;
using Ambient.Grpc;
using Ambient.Testing.Certs;
using Ambient.Testing.Grpc;
using Google.Protobuf.WellKnownTypes;
using static Ambient.InProcessTests.Grpc.GrpcRig;

namespace Ambient.InProcessTests.Grpc;

public sealed class UnaryCallTests
{
    private static Task<StringValue> SayAsync(GrpcChannel channel, GrpcCallOptions? options = null, CancellationToken cancellation = default) =>
        channel.CallAsync(Echo, Text("hello"), options ?? GrpcCallOptions.Default, cancellation);

    private static async Task<GrpcException> FailureAsync(Func<GrpcServerCall, Task> onCall, GrpcChannelOptions? options = null)
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(onCall);
        using GrpcChannel channel = options is null
            ? Channel(server.Address)
            : new GrpcChannel(options with { Address = server.Address });
        return await Assert.ThrowsAsync<GrpcException>(() => SayAsync(channel));
    }

    [Fact]
    public async Task An_answer_comes_back_and_the_request_carries_what_gRPC_wants()
    {
        List<string?> seen = [];
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            seen.AddRange([call.Path, call.Context.Request.Method, call.Header("te"), call.Header("content-type"), call.Header("authorization"), call.Header("grpc-timeout")]);
            StringValue request = (await call.ReadAsync(StringValue.Parser))!;
            Assert.Null(await call.ReadAsync(StringValue.Parser));
            await call.WriteAsync(Text(request.Value + " to you"));
            call.Finish(0);
        });
        using GrpcChannel channel = Channel(server.Address);

        StringValue answer = await SayAsync(channel, new GrpcCallOptions
        {
            Deadline = TimeSpan.FromSeconds(20),
            Headers = _ => new ValueTask<IReadOnlyList<KeyValuePair<string, string>>>([new("authorization", "Bearer t")]),
        });

        Assert.Equal("hello to you", answer.Value);
        Assert.Equal(["/test.Echo/Say", "POST", "trailers", "application/grpc", "Bearer t", "20000m"], seen);
    }

    [Fact]
    public async Task A_status_in_the_trailers_is_an_exception_with_the_decoded_message()
    {
        GrpcException failure = await FailureAsync(async call =>
        {
            await call.SendHeadersAsync();
            call.Finish(7, "not for%20you");
        });

        Assert.Equal((GrpcStatusCode.PermissionDenied, "not for you"), (failure.Status, failure.Detail));
    }

    [Fact]
    public async Task A_status_in_the_headers_alone_is_read_too()
    {
        GrpcException failure = await FailureAsync(call =>
        {
            call.Context.Response.Headers["grpc-status"] = "16";
            call.Context.Response.Headers["grpc-message"] = "who are you";
            return Task.CompletedTask;
        });

        Assert.Equal((GrpcStatusCode.Unauthenticated, "who are you"), (failure.Status, failure.Detail));
    }

    [Theory]
    [InlineData(404, GrpcStatusCode.Unimplemented)]
    [InlineData(403, GrpcStatusCode.PermissionDenied)]
    [InlineData(503, GrpcStatusCode.Unavailable)]
    [InlineData(418, GrpcStatusCode.Unknown)]
    public async Task An_HTTP_status_is_mapped(int http, GrpcStatusCode expected)
    {
        GrpcException failure = await FailureAsync(call =>
        {
            call.Context.Response.StatusCode = http;
            return Task.CompletedTask;
        });

        Assert.Equal(expected, failure.Status);
        Assert.Contains(http.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Detail);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        GrpcException failure = await FailureAsync(call =>
        {
            call.Context.Response.ContentType = "text/html";
            return Task.CompletedTask;
        });

        Assert.Equal(GrpcStatusCode.Unknown, failure.Status);
    }

    [Fact]
    public async Task An_end_without_a_status_is_no_success()
    {
        GrpcException failure = await FailureAsync(call => call.WriteAsync(Text("half")));

        Assert.Equal((GrpcStatusCode.Unknown, "the server ended the call without a status"), (failure.Status, failure.Detail));
    }

    [Fact]
    public async Task OK_without_an_answer_and_two_answers_are_errors()
    {
        GrpcException none = await FailureAsync(async call =>
        {
            await call.SendHeadersAsync();
            call.Finish(0);
        });
        GrpcException two = await FailureAsync(async call =>
        {
            await call.WriteAsync(Text("one"));
            await call.WriteAsync(Text("two"));
            call.Finish(0);
        });

        Assert.Equal((GrpcStatusCode.Internal, GrpcStatusCode.Internal), (none.Status, two.Status));
    }

    [Fact]
    public async Task Compressed_overlong_cut_and_unreadable_messages_are_refused()
    {
        GrpcException compressed = await FailureAsync(call => call.WriteFrameAsync(1, [1]));
        GrpcException overlong = await FailureAsync(
            call => call.WriteRawAsync([0, 0, 0, 0, 101]), new GrpcChannelOptions { Address = new Uri("http://x"), MaxMessageBytes = 100 });
        GrpcException cut = await FailureAsync(call => call.WriteRawAsync([0, 0, 0, 0, 9, 1, 2]));
        GrpcException unreadable = await FailureAsync(call => call.WriteFrameAsync(0, [0xff, 0xff, 0xff]));

        Assert.Equal(
            [GrpcStatusCode.Internal, GrpcStatusCode.ResourceExhausted, GrpcStatusCode.Internal, GrpcStatusCode.Internal],
            [compressed.Status, overlong.Status, cut.Status, unreadable.Status]);
        Assert.Contains("101 bytes; the limit is 100", overlong.Detail);
    }

    [Theory]
    [InlineData(0x2, GrpcStatusCode.Internal)]
    [InlineData(0x7, GrpcStatusCode.Unavailable)]
    [InlineData(0x8, GrpcStatusCode.Cancelled)]
    [InlineData(0xb, GrpcStatusCode.ResourceExhausted)]
    [InlineData(0xc, GrpcStatusCode.PermissionDenied)]
    public async Task A_reset_has_the_status_of_its_code(int code, GrpcStatusCode expected)
    {
        GrpcException failure = await FailureAsync(async call =>
        {
            await call.ReadAsync(StringValue.Parser);
            await call.ReadAsync(StringValue.Parser);
            await call.SendHeadersAsync();
            call.Reset(code);
        });

        Assert.Equal(expected, failure.Status);
    }

    [Fact]
    public async Task The_deadline_ends_a_call_that_is_not_answered()
    {
        var time = new ManualTime();
        var arrived = new TaskCompletionSource();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            arrived.SetResult();
            await call.WaitUntilAbortedAsync();
        });
        using var channel = new GrpcChannel(new GrpcChannelOptions { Address = server.Address, Time = time });
        Task<StringValue> answer = SayAsync(channel, new GrpcCallOptions { Deadline = TimeSpan.FromSeconds(9) });
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(10));

        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => answer);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, failure.Status);
    }

    [Fact]
    public async Task The_callers_cancellation_stays_one()
    {
        using var cancellation = new CancellationTokenSource();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            await cancellation.CancelAsync();
            await call.WaitUntilAbortedAsync();
        });
        using GrpcChannel channel = Channel(server.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SayAsync(channel, cancellation: cancellation.Token));
    }

    [Fact]
    public async Task Nobody_listening_is_Unavailable_with_the_cause()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using GrpcChannel channel = Channel(new Uri($"http://127.0.0.1:{port}"));

        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => SayAsync(channel));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        Assert.Contains("refused", failure.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_server_that_accepts_but_says_nothing_runs_into_the_connect_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        using var channel = new GrpcChannel(new GrpcChannelOptions
        {
            Address = new Uri($"https://localhost:{port}"),
            ConnectTimeout = TimeSpan.FromMilliseconds(200),
            Tls = () => new System.Net.Security.SslClientAuthenticationOptions(),
        });

        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => SayAsync(channel));
        Assert.NotEqual(GrpcStatusCode.Ok, failure.Status);
    }
}
