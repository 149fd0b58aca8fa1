using Ambient.Testing.Certs;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;
using static Ambient.Testing.Xds.ScriptedStream;

namespace Ambient.InProcessTests.Xds;

public sealed class ReconnectTests
{
    [Fact]
    public async Task The_next_stream_names_what_was_accepted_with_its_version()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        DeltaDiscoveryRequest nack = await stream.ExchangeAsync(
            XdsTypes.Address, [Workload("good", "v7"), Garbage("bad"), Workload("gone", "v8")]);
        Assert.StartsWith("bad: ", nack.ErrorDetail.Message);
        await stream.ExchangeAsync(XdsTypes.Address, [], "gone");
        stream.End(0);

        stream = await rig.Plane.AcceptAsync();
        (DeltaDiscoveryRequest addresses, DeltaDiscoveryRequest policies) = await stream.ReadSubscriptionsAsync();

        Assert.Equal(new Dictionary<string, string> { ["good"] = "v7" }, addresses.InitialResourceVersions);
        Assert.Empty(policies.InitialResourceVersions);
        Assert.NotNull(addresses.Node);
    }

    [Fact]
    public async Task State_outlives_a_lost_stream_and_is_removed_when_told()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("a")]);
        rig.Plane.AbortConnections();

        stream = await rig.AcceptSubscribedAsync();
        Assert.NotNull(rig.Store.Current.FindWorkload("a"));
        await stream.ExchangeAsync(XdsTypes.Address, [], "a");
        Assert.Null(rig.Store.Current.FindWorkload("a"));
    }

    [Theory]
    [InlineData(0, null, XdsStreamEnd.Complete, 0)]
    [InlineData(2, "x", XdsStreamEnd.Reconnect, 10)]
    [InlineData(1, "x", XdsStreamEnd.Reconnect, 10)]
    [InlineData(4, "x", XdsStreamEnd.Reconnect, 10)]
    [InlineData(14, "transport is closing", XdsStreamEnd.Reconnect, 10)]
    [InlineData(14, "overloaded", XdsStreamEnd.Error, 20)]
    [InlineData(16, "who are you", XdsStreamEnd.Error, 20)]
    public async Task The_way_a_stream_ends_decides_the_wait(int status, string? message, XdsStreamEnd expected, int waitMilliseconds)
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.ExchangeAsync(XdsTypes.Address, []);
        stream.End(status, message);

        (XdsStreamEnd end, string detail, TimeSpan retryIn) = await rig.Events.NextEndAsync();

        Assert.Equal((expected, TimeSpan.FromMilliseconds(waitMilliseconds)), (end, retryIn));
        Assert.Contains(message ?? "", detail);
        await rig.AcceptSubscribedAsync();
    }

    [Fact]
    public async Task Resets_half_closes_and_lost_connections_are_survived()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        List<XdsStreamEnd> ends = [];
        foreach (Action<ScriptedStream> break_ in new Action<ScriptedStream>[]
        {
            stream => stream.Reset(0x8), stream => stream.Reset(0x2), stream => stream.HalfClose(), _ => rig.Plane.AbortConnections(),
        })
        {
            ScriptedStream stream = await rig.AcceptSubscribedAsync();
            await stream.ExchangeAsync(XdsTypes.Address, []);
            break_(stream);
            ends.Add((await rig.Events.NextEndAsync()).End);
        }

        Assert.Equal([XdsStreamEnd.Reconnect, XdsStreamEnd.Error, XdsStreamEnd.Reconnect, XdsStreamEnd.Reconnect], ends);
    }

    [Fact]
    public async Task A_refused_stream_is_a_connection_error_and_waits_longer_each_time()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        List<(XdsStreamEnd, double)> ends = [];
        for (int attempt = 0; attempt < 3; attempt++)
        {
            ScriptedStream stream = await rig.Plane.AcceptAsync();
            stream.Call.Context.Response.Headers["grpc-status"] = "16";
            stream.HalfClose();
            (XdsStreamEnd end, _, TimeSpan retryIn) = await rig.Events.NextEndAsync();
            ends.Add((end, retryIn.TotalMilliseconds));
        }

        Assert.Equal([(XdsStreamEnd.ConnectionError, 20), (XdsStreamEnd.ConnectionError, 40), (XdsStreamEnd.ConnectionError, 80)], ends);
    }

    [Fact]
    public async Task A_message_beyond_the_limit_ends_the_stream_and_leaves_the_state()
    {
        await using ClientRig rig = await ClientRig.StartAsync(maxMessageBytes: 2000);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("a")]);
        await stream.SendAsync(XdsTypes.Address, [Workload(new string('x', 3000))]);

        (XdsStreamEnd end, string detail, _) = await rig.Events.NextEndAsync();

        Assert.Equal(XdsStreamEnd.Error, end);
        Assert.Contains("the limit is 2000", detail);
        Assert.Equal(1, rig.Store.Current.WorkloadCount);
        await rig.AcceptSubscribedAsync();
    }

    [Fact]
    public async Task A_response_that_is_no_message_ends_the_stream()
    {
        await using ClientRig rig = await ClientRig.StartAsync();
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        await stream.Call.WriteFrameAsync(0, [0x12, 0x7f, 0x01]);

        Assert.Equal(XdsStreamEnd.Error, (await rig.Events.NextEndAsync()).End);
        await rig.AcceptSubscribedAsync();
    }

    [Fact]
    public async Task A_token_file_that_is_empty_for_a_moment_is_waited_for_and_the_new_token_shown()
    {
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "token");
        await File.WriteAllTextAsync(file, "old");
        await using ClientRig rig = await ClientRig.StartAsync(token: file);
        ScriptedStream stream = await rig.AcceptSubscribedAsync();
        Assert.Equal("Bearer old", stream.Call.Header("authorization"));
        await stream.ExchangeAsync(XdsTypes.Address, [Workload("kept")]);

        // What a rotation by truncating and writing looks like when the stream breaks in between.
        await File.WriteAllTextAsync(file, "");
        rig.Plane.AbortConnections();
        Assert.Equal(XdsStreamEnd.Reconnect, (await rig.Events.NextEndAsync()).End);
        (XdsStreamEnd end, string detail, TimeSpan retryIn) = await rig.Events.NextEndAsync();
        Assert.Equal(XdsStreamEnd.ConnectionError, end);
        Assert.Contains($"the token file {file} is empty", detail);
        Assert.True(retryIn > TimeSpan.Zero);
        await File.WriteAllTextAsync(file, "new\n");

        stream = await rig.AcceptSubscribedAsync();
        Assert.Equal("Bearer new", stream.Call.Header("authorization"));
        Assert.NotNull(rig.Store.Current.FindWorkload("kept"));
    }

    [Fact]
    public async Task A_server_that_ends_every_stream_at_once_is_left_ever_longer_alone()
    {
        ManualTime time = new();
        await using ClientRig rig = await ClientRig.StartAsync(time: time);
        List<double> waits = [];
        for (int attempt = 0; attempt < 4; attempt++)
        {
            ScriptedStream stream = await rig.AcceptSubscribedAsync();
            await stream.ExchangeAsync(XdsTypes.Address, []);
            stream.End(0);
            (XdsStreamEnd end, _, TimeSpan retryIn) = await rig.Events.NextEndAsync();
            Assert.Equal(XdsStreamEnd.Complete, end);
            waits.Add(retryIn.TotalMilliseconds);
            if (retryIn > TimeSpan.Zero)
            {
                await Hbone.HboneRig.UntilAsync(() => time.Waiting.Contains(retryIn));
                time.Advance(retryIn);
            }
        }

        Assert.Equal([0, 10, 20, 40], waits);
    }
}
