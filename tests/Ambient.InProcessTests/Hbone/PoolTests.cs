using System.Net.Sockets;
using Ambient.Hbone;
using Ambient.Hbone.Http2;
using Ambient.Hbone.Tunnels;
using Ambient.Testing.Http2;
using Ambient.Transport.Lifetime;

namespace Ambient.InProcessTests.Hbone;

/// <summary>The rows of node-proxy 11.5 and the rules of 1.6, counted in tunnels opened and closed.</summary>
public sealed class PoolTests
{
    private static readonly ConnectionFailure Unreachable = new(FailurePhase.Connect, FailureSide.Upstream, FailureReason.Refused, "refused");

    [Fact]
    public async Task Connections_are_reused()
    {
        await using HboneRig rig = Rig(maxStreams: 3);
        await OpenAndCloseAsync(rig, 2);
        await OpenAndCloseAsync(rig, 2);
        Assert.Single(rig.Dialled);
        Assert.False(rig.Dialled.Single().IsClosed);

        await rig.OnOutboundAsync(rig.Pool.Dispose);
        await ClosedAsync(rig, 1);
    }

    [Fact]
    public async Task Unique_keys_have_unique_connections()
    {
        await using HboneRig rig = Rig(maxStreams: 3);
        await OpenAndCloseAsync(rig, 1, _ => "10.1.0.1");
        await OpenAndCloseAsync(rig, 1, _ => "10.1.0.2");
        Assert.Equal(2, rig.Dialled.Count);
        Assert.Equal(2, rig.Pool.KeyCount);

        await rig.OnOutboundAsync(rig.Pool.Dispose);
        await ClosedAsync(rig, 2);
        Assert.Equal(0, rig.Pool.KeyCount);
    }

    [Fact]
    public async Task A_connection_that_reached_its_limit_is_never_offered_again()
    {
        await using HboneRig rig = Rig(maxStreams: 2);
        await OpenAndCloseAsync(rig, 4);
        Assert.Equal(2, rig.Dialled.Count);
        await ClosedAsync(rig, 2);

        await OpenAndCloseAsync(rig, 5);
        Assert.Equal(5, rig.Dialled.Count);
        await ClosedAsync(rig, 4);
        Assert.Equal(1, rig.Pool.Count);
    }

    [Fact]
    public async Task After_a_server_s_GOAWAY_the_next_request_opens_a_connection()
    {
        await using HboneRig rig = Rig(maxStreams: 2);
        await OpenAndCloseAsync(rig, 1);
        TunnelConnection accepted = (await rig.AcceptedTunnelAsync()).Connection!;
        await rig.OnInboundAsync(accepted.BeginDrain);
        await HboneRig.UntilAsync(() => !rig.Dialled.Single().CanOpenStream);

        await OpenAndCloseAsync(rig, 1);

        Assert.Equal(2, rig.Dialled.Count);
        await ClosedAsync(rig, 1);
    }

    [Fact]
    public async Task A_dead_tunnel_found_at_checkout_is_replaced_in_place()
    {
        await using HboneRig rig = Rig(maxStreams: 100);
        Task<HboneOpenResult>? first = null;
        await rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult opened = await rig.OpenAsync();
            rig.Dialled.Single().BeginDrain();

            // The only tunnel of the key is unusable: this request dials, and later ones wait for it and share it.
            first = rig.OpenAsync();
            Task<HboneOpenResult> second = rig.OpenAsync();
            (await first).Stream!.Dispose();
            (await second).Stream!.Dispose();
            opened.Stream!.Dispose();
        });

        Assert.Equal(2, rig.Dialled.Count);
        Assert.Equal((1, 1), (rig.Pool.Count, rig.Pool.KeyCount));
    }

    [Fact]
    public async Task One_stream_a_connection()
    {
        await using HboneRig rig = Rig(maxStreams: 1);
        await OpenAndCloseAsync(rig, 2);
        Assert.Equal(2, rig.Dialled.Count);
        await ClosedAsync(rig, 2);
        Assert.Equal(0, rig.Pool.KeyCount);
    }

    [Fact]
    public async Task A_hundred_requests_of_one_source_share_a_connection()
    {
        await using HboneRig rig = Rig(maxStreams: 101);
        await OpenAndCloseAsync(rig, 100);
        Assert.Single(rig.Dialled);
    }

    [Fact]
    public async Task A_hundred_sources_have_a_hundred_connections()
    {
        await using HboneRig rig = Rig(maxStreams: 101);
        await OpenAndCloseAsync(rig, 100, index => $"10.1.0.{index + 1}");
        Assert.Equal(100, rig.Dialled.Count);
    }

    [Fact]
    public async Task Three_hundred_requests_of_three_sources_open_three_connections()
    {
        await using HboneRig rig = Rig(maxStreams: 101);
        await OpenAndCloseAsync(rig, 300, index => $"10.1.0.{(index % 3) + 1}");
        Assert.Equal(3, rig.Dialled.Count);
    }

    [Fact]
    public async Task Waves_of_requests_keep_the_books_straight()
    {
        await using HboneRig rig = Rig(maxStreams: 7);
        for (int wave = 0; wave < 5; wave++)
        {
            await OpenAndCloseAsync(rig, 60, index => $"10.1.0.{(index % 2) + 1}");
        }

        int open = rig.Dialled.Count;
        await rig.OnOutboundAsync(rig.Pool.Dispose);
        await ClosedAsync(rig, open);
        Assert.Equal(0, rig.Pool.KeyCount);
    }

    [Fact]
    public async Task An_unused_connection_is_let_go()
    {
        await using HboneRig rig = Rig(maxStreams: 10, unused: TimeSpan.FromMilliseconds(100));
        await OpenAndCloseAsync(rig, 1);

        await ClosedAsync(rig, 1);
        Assert.Equal((0, 0), (rig.Pool.Count, rig.Pool.KeyCount));
    }

    [Fact]
    public async Task A_connection_with_a_live_stream_outlives_its_release_and_closes_with_the_stream()
    {
        await using HboneRig rig = Rig(maxStreams: 10, unused: TimeSpan.FromMilliseconds(50));
        HboneOpenResult opened = default;
        await rig.OnOutboundAsync(async () => opened = await rig.OpenAsync());
        await HboneRig.UntilAsync(() => rig.Pool.Count == 0);
        await rig.OnOutboundAsync(async () => await rig.OutboundLoop.DelayAsync(TimeSpan.FromMilliseconds(100)));
        Assert.False(rig.Dialled.Single().IsClosed);
        Assert.False(opened.Stream!.IsSendClosed);

        await rig.OnOutboundAsync(opened.Stream.Dispose);
        await ClosedAsync(rig, 1);
    }

    [Fact]
    public async Task A_failed_dial_is_told_the_dialler_alone_and_who_waited_dials_again()
    {
        await using HboneRig rig = Rig(maxStreams: 10);
        int dials = 0;
        HboneOpenResult[] results = [];
        await rig.OnOutboundAsync(async () =>
        {
            async ValueTask<HboneConnectResult> DialAsync()
            {
                dials++;
                await rig.OutboundLoop.YieldAsync();
                return dials <= 2 ? new HboneConnectResult(null, Unreachable) : await rig.DialAsync();
            }

            results = await Task.WhenAll(Enumerable.Range(0, 5).Select(
                _ => rig.Pool.OpenAsync(rig.Key(), Http2Headers.ForConnect("10.0.0.1:80"), DialAsync).AsTask()));
            Dispose(results);
        });

        Assert.Equal(3, dials);
        Assert.Equal(2, results.Count(result => result.Failure == Unreachable));
        Assert.Equal(3, results.Count(result => result.Stream is not null));
        Assert.Single(rig.Dialled);
    }

    [Fact]
    public async Task A_dial_that_throws_leaves_the_key_usable()
    {
        await using HboneRig rig = Rig(maxStreams: 10);
        await rig.OnOutboundAsync(async () =>
        {
            HbonePool.Dial throws = async () =>
            {
                await rig.OutboundLoop.YieldAsync();
                throw new InvalidOperationException("a bug");
            };
            Task<HboneOpenResult> failing = rig.Pool.OpenAsync(rig.Key(), Http2Headers.ForConnect("10.0.0.1:80"), throws).AsTask();
            Task<HboneOpenResult> waiting = rig.OpenAsync();

            await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
            Dispose([await waiting]);
        });

        Assert.Single(rig.Dialled);
    }

    [Fact]
    public async Task Disposing_while_a_dial_is_under_way_ends_all_who_wait_and_closes_what_was_dialled()
    {
        await using HboneRig rig = Rig(maxStreams: 10);
        HboneOpenResult[] results = [];
        await rig.OnOutboundAsync(async () =>
        {
            Task<HboneOpenResult[]> all = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => rig.OpenAsync()));
            rig.Pool.Dispose();
            results = await all;
        });

        Assert.All(results, result => Assert.Equal("pool draining", result.Failure!.Message));
        await ClosedAsync(rig, 1);
        Assert.Equal(0, rig.Pool.KeyCount);
    }

    [Fact]
    public async Task A_peer_that_takes_no_stream_at_all_is_not_dialled_over_and_over()
    {
        await using HboneRig rig = Rig(maxStreams: 10);
        int dials = 0;
        HboneOpenResult opened = default;
        await rig.OnOutboundAsync(async () =>
        {
            async ValueTask<HboneConnectResult> DialAsync()
            {
                dials++;
                HboneConnectResult dialled = await rig.DialAsync();
                dialled.Connection!.BeginDrain();
                return dialled;
            }

            opened = await rig.Pool.OpenAsync(rig.Key(), Http2Headers.ForConnect("10.0.0.1:80"), DialAsync);
        });

        Assert.Equal(1, dials);
        Assert.Equal(FailureReason.GoAway, opened.Failure!.Reason);
        Assert.Equal(0, rig.Pool.KeyCount);
    }

    [Fact]
    public async Task The_stream_limit_of_the_peer_opens_another_tunnel()
    {
        await using HboneRig rig = Rig(maxStreams: 10);
        using TcpListener listener = RawPeer.ListenFor(rig);
        Task opening = rig.OnOutboundAsync(async () =>
        {
            HboneOpenResult first = await rig.OpenAsync();
            HboneOpenResult second = await rig.OpenAsync();
            Dispose([first, second]);
        });

        await using RawPeer one = await RawPeer.AcceptAsync(rig, listener);
        await one.SendAsync(FrameBytes.Settings((3, 1)));
        await one.AnswerNextAsync();
        await using RawPeer two = await RawPeer.AcceptAsync(rig, listener);
        await two.AnswerNextAsync();
        await opening;

        Assert.Equal(2, rig.Dialled.Count);
    }

    private static HboneRig Rig(int maxStreams, TimeSpan? unused = null)
    {
        var options = HboneOptions.Default with { Client = Http2Options.ForClient with { MaxConcurrentStreams = Math.Max(100, maxStreams) } };
        return new HboneRig(options, pool: new HbonePoolOptions(maxStreams, unused ?? TimeSpan.FromMinutes(5)))
        {
            OnStream = static async stream =>
            {
                stream.Respond(200, new Http2Headers(), endStream: false);
                while (!stream.IsReceiveEnded)
                {
                    await stream.WaitReceivedAsync();
                }

                stream.EndSend();
            },
        };
    }

    /// <summary>Opens so many at once, and ends them when all are open.</summary>
    private static Task OpenAndCloseAsync(HboneRig rig, int count, Func<int, string>? source = null) => rig.OnOutboundAsync(async () =>
    {
        HboneOpenResult[] opened = await Task.WhenAll(
            Enumerable.Range(0, count).Select(index => rig.OpenAsync(source?.Invoke(index) ?? "10.1.0.1")));
        Assert.All(opened, result => Assert.Null(result.Failure));
        Dispose(opened);
    });

    private static void Dispose(HboneOpenResult[] opened)
    {
        foreach (HboneOpenResult result in opened)
        {
            result.Stream?.Dispose();
        }
    }

    private static Task ClosedAsync(HboneRig rig, int count) => HboneRig.UntilAsync(() => rig.Dialled.Count(tunnel => tunnel.IsClosed) == count);
}
