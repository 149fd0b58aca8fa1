using Ambient.ControlPlane.Statuses;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Statuses;

public sealed class WritePaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_burst_goes_at_once_and_the_rest_at_the_pace()
    {
        WritePace pace = new(perSecond: 10, burst: 3, _time);
        for (int index = 0; index < 3; index++)
        {
            Assert.True(pace.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        }

        Task fourth = pace.WaitAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(fourth.IsCompleted);
        Assert.Equal([TimeSpan.FromMilliseconds(1)], _time.Waiting);
    }

    [Fact]
    public void A_long_pause_earns_no_more_than_a_burst()
    {
        WritePace pace = new(perSecond: 10, burst: 3, _time);
        _time.Advance(TimeSpan.FromHours(1));
        for (int index = 0; index < 3; index++)
        {
            Assert.True(pace.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
        }

        Assert.False(pace.WaitAsync(CancellationToken.None).IsCompleted);
    }
}
