using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Otlp;

namespace Ambient.UnitTests.Ztunnel.Otlp;

public sealed class TraceSamplerTests
{
    private static readonly TraceParent Sampled = new(1, 1, 1);
    private static readonly TraceParent Unsampled = new(1, 1, 0);

    [Theory]
    [InlineData("always_on", true, true, true)]
    [InlineData("always_off", false, false, false)]
    [InlineData("parentbased_always_on", true, true, false)]
    [InlineData("parentbased_always_off", false, true, false)]
    public void Honours_the_sampled_flag_where_it_is_based_on_the_parent(string text, bool alone, bool sampled, bool unsampled)
    {
        Assert.True(TraceSampler.TryParse(text, 1, out TraceSampler? sampler));

        Assert.Equal(
            (alone, sampled, unsampled),
            (sampler.Takes(5, null), sampler.Takes(1, Sampled), sampler.Takes(1, Unsampled)));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.25, 2_300, 2_700)]
    [InlineData(1, 10_000, 10_000)]
    public void Takes_a_share_of_the_traces_and_the_same_ones_everywhere(double share, int least, int most)
    {
        Assert.True(TraceSampler.TryParse("traceidratio", share, out TraceSampler? here));
        Assert.True(TraceSampler.TryParse("parentbased_traceidratio", share, out TraceSampler? there));
        Random random = new(7);
        int taken = 0;
        for (int round = 0; round < 10_000; round++)
        {
            UInt128 trace = TraceParent.CreateRandom(random).TraceId;
            Assert.Equal(here.Takes(trace, null), there.Takes(trace, null));
            taken += here.Takes(trace, null) ? 1 : 0;
        }

        Assert.InRange(taken, least, most);
    }
}
