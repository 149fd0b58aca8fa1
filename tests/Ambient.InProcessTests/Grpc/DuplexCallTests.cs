using Ambient.Grpc;
using Ambient.Testing.Grpc;
using Google.Protobuf.WellKnownTypes;
using static Ambient.InProcessTests.Grpc.GrpcRig;

namespace Ambient.InProcessTests.Grpc;

public sealed class DuplexCallTests
{
    [Fact]
    public async Task Messages_go_both_ways_while_the_call_is_open_and_it_ends_with_OK()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            while (await call.ReadAsync(StringValue.Parser) is { } message)
            {
                await call.WriteAsync(Text("re: " + message.Value));
            }

            call.Finish(0);
        });
        using GrpcChannel channel = Channel(server.Address);
        await using GrpcDuplexCall<StringValue, StringValue> call = channel.Open(Echo, GrpcCallOptions.Default, default);
        for (int round = 0; round < 3; round++)
        {
            await call.WriteAsync(Text($"{round}"));
            Assert.Equal($"re: {round}", (await call.ReadAsync())!.Value);
        }

        await call.WaitForHeadersAsync();
        call.CompleteWriting();
        Assert.Null(await call.ReadAsync());
    }

    [Fact]
    public async Task Large_messages_arrive_whole()
    {
        string text = new('x', 3_500_000);
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            await call.WriteAsync((await call.ReadAsync(StringValue.Parser))!);
            await call.WriteAsync(Text(""));
            call.Finish(0);
        });
        using GrpcChannel channel = Channel(server.Address);
        await using GrpcDuplexCall<StringValue, StringValue> call = channel.Open(Echo, GrpcCallOptions.Default, default);
        await call.WriteAsync(Text(text));

        Assert.Equal(text, (await call.ReadAsync())!.Value);
        Assert.Equal("", (await call.ReadAsync())!.Value);
        Assert.Null(await call.ReadAsync());
    }

    [Fact]
    public async Task A_lost_connection_and_a_GOAWAY_end_the_call_with_a_status()
    {
        var answered = new TaskCompletionSource();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            await call.WriteAsync(Text("first"));
            await answered.Task;
            call.GoAway();
            call.Context.Abort();
        });
        using GrpcChannel channel = Channel(server.Address);
        await using GrpcDuplexCall<StringValue, StringValue> call = channel.Open(Echo, GrpcCallOptions.Default, default);
        await call.WriteAsync(Text("x"));
        Assert.NotNull(await call.ReadAsync());
        server.AbortConnections();

        GrpcException lost = await Assert.ThrowsAsync<GrpcException>(call.ReadAsync);
        Assert.Equal(GrpcStatusCode.Unknown, lost.Status);

        await using GrpcDuplexCall<StringValue, StringValue> next = channel.Open(Echo, GrpcCallOptions.Default, default);
        Assert.NotNull(await next.ReadAsync());
        answered.SetResult();
        await Assert.ThrowsAsync<GrpcException>(next.ReadAsync);
    }

    [Fact]
    public async Task Disposing_an_open_call_resets_it()
    {
        var aborted = new TaskCompletionSource();
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(async call =>
        {
            await call.SendHeadersAsync();
            using CancellationTokenRegistration registration = call.Aborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        using GrpcChannel channel = Channel(server.Address);
        GrpcDuplexCall<StringValue, StringValue> call = channel.Open(Echo, GrpcCallOptions.Default, default);
        await call.WaitForHeadersAsync();
        await call.DisposeAsync();

        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_failing_header_source_fails_the_call()
    {
        await using GrpcTestServer server = await GrpcTestServer.StartAsync(_ => Task.CompletedTask);
        using GrpcChannel channel = Channel(server.Address);
        await using GrpcDuplexCall<StringValue, StringValue> call = channel.Open(
            Echo, new GrpcCallOptions { Headers = _ => throw new GrpcException(GrpcStatusCode.Unauthenticated, "token file is empty") }, default);

        GrpcException failure = await Assert.ThrowsAsync<GrpcException>(() => call.WriteAsync(Text("x")));
        Assert.Equal("token file is empty", failure.Detail);
        Assert.Equal(0, server.ConnectionCount);
    }
}
