using Ambient.Xds;

namespace Ambient.UnitTests.Xds;

public sealed class XdsBackoffTests
{
    [Fact]
    public void Failures_double_the_wait_up_to_15_seconds()
    {
        XdsBackoff backoff = new();
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ => backoff.Next(XdsStreamEnd.ConnectionError).TotalMilliseconds)];

        Assert.Equal([20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 15000, 15000], waits);
    }

    [Fact]
    public void Normal_ends_reset_it()
    {
        XdsBackoff backoff = new();
        backoff.Next(XdsStreamEnd.Error);
        backoff.Next(XdsStreamEnd.ConnectionError);
        Assert.Equal(TimeSpan.FromMilliseconds(10), backoff.Next(XdsStreamEnd.Reconnect));
        Assert.Equal(TimeSpan.FromMilliseconds(20), backoff.Next(XdsStreamEnd.Error));
        Assert.Equal(TimeSpan.Zero, backoff.Next(XdsStreamEnd.Complete));
        Assert.Equal(TimeSpan.Zero, backoff.Next(XdsStreamEnd.Error, isLocal: true));
        Assert.Equal(TimeSpan.FromMilliseconds(20), backoff.Next(XdsStreamEnd.ConnectionError));
    }

    [Fact]
    public void A_server_that_ends_each_stream_at_once_is_asked_ever_less_often()
    {
        XdsBackoff backoff = new();
        double[] waits = [.. Enumerable.Range(0, 14).Select(_ => backoff.Next(XdsStreamEnd.Complete, isShort: true).TotalMilliseconds)];

        Assert.Equal([0, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 15000, 15000], waits);
    }

    [Fact]
    public void An_error_of_ours_at_every_start_is_no_loop_without_rest_and_a_stream_that_lasts_ends_the_row()
    {
        XdsBackoff backoff = new();
        backoff.Next(XdsStreamEnd.Error, isLocal: true, isShort: true);
        Assert.Equal(TimeSpan.FromMilliseconds(10), backoff.Next(XdsStreamEnd.Error, isLocal: true, isShort: true));
        Assert.Equal(TimeSpan.FromMilliseconds(20), backoff.Next(XdsStreamEnd.Complete, isShort: true));

        Assert.Equal(TimeSpan.FromMilliseconds(10), backoff.Next(XdsStreamEnd.Reconnect));
        Assert.Equal(TimeSpan.Zero, backoff.Next(XdsStreamEnd.Complete, isShort: true));
        Assert.Equal(TimeSpan.Zero, backoff.Next(XdsStreamEnd.Complete));
    }
}
