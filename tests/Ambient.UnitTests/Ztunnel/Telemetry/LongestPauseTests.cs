using System.Diagnostics;
using Ambient.Testing.Certs;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public class LongestPauseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_longest_pause_is_told_for_one_to_two_windows_and_then_forgotten()
    {
        ManualTime time = new();
        LongestPause pauses = new(time);
        pauses.Note(TimeSpan.FromMilliseconds(40));
        pauses.Note(TimeSpan.FromMilliseconds(7));
        Assert.Equal(40, pauses.Read().TotalMilliseconds);
        time.Advance(LongestPause.Window);
        pauses.Note(TimeSpan.FromMilliseconds(3));
        Assert.Equal(40, pauses.Read().TotalMilliseconds);
        time.Advance(LongestPause.Window);
        Assert.Equal(3, pauses.Read().TotalMilliseconds);
        time.Advance(2 * LongestPause.Window);
        Assert.Equal(TimeSpan.Zero, pauses.Read());
    }

    [Fact]
    public void Collections_tell_of_their_pauses_one_after_the_other()
    {
        ManualTime time = new();
        LongestPause pauses = new(time);
        pauses.Watch();
        for (int round = 0; round < 3; round++)
        {
            long began = Stopwatch.GetTimestamp();
            while (pauses.Read() == TimeSpan.Zero)
            {
                Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "a collection was not noticed");
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // All is forgotten: what the next round reads is of a later collection.
            time.Advance(2 * LongestPause.Window);
        }
    }
}
