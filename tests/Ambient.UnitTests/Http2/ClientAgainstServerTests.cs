using Ambient.Hbone.Http2;

namespace Ambient.UnitTests.Http2;

/// <summary>Our client against our server under random schedules. Each side enforces the windows it announced.</summary>
public class ClientAgainstServerTests
{
    private const int MostSteps = 2_000_000;

    [Theory]
    [InlineData(1, 20, 200_000, 4 << 20, 16 << 20)]
    [InlineData(2, 20, 100_000, 5_000, 65_535)]
    [InlineData(3, 50, 50_000, 65_535, 65_535)]
    [InlineData(4, 5, 30_000, 100, 65_535)]
    [InlineData(5, 100, 10_000, 1 << 20, 70_000)]
    public void All_bytes_arrive_and_windows_are_obeyed(int seed, int streams, int bytesPerStream, int streamWindow, int connectionWindow)
    {
        Random random = new(seed);
        TunnelEnd client = new(Http2Role.Client, Sized(Http2Options.ForClient), random, bytesPerStream);
        TunnelEnd server = new(Http2Role.Server, Sized(Http2Options.ForServer), random, bytesPerStream);
        for (int i = 0; i < streams; i++)
        {
            client.Open();
        }

        int steps = 0;
        while ((client.Ended < streams || server.Ended < streams || !client.IsIdle || !server.IsIdle) && steps++ < MostSteps)
        {
            client.Step();
            server.Step();
            (random.Next(4) switch { 0 => (Action)(() => client.Transfer(server)), 1 => () => server.Transfer(client), _ => () => { } })();
        }

        Assert.Null(client.Connection.Failure);
        Assert.Null(server.Connection.Failure);
        Assert.Equal((streams, streams), (client.Ended, server.Ended));
        Assert.All(client.Received.Values.Concat(server.Received.Values), received => Assert.Equal(bytesPerStream, received));
        Assert.Equal((streams, streams), (client.Received.Count, server.Received.Count));
        Assert.Equal((0, 0), (client.Connection.ActiveStreams, server.Connection.ActiveStreams));
        Assert.Equal((0, 0), (client.Resets, server.Resets));

        Http2Options Sized(Http2Options options) => options with { StreamWindow = streamWindow, ConnectionWindow = connectionWindow };
    }
}
