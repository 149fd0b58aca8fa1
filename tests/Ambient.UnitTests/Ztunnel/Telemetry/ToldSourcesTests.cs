using Ambient.Mesh.Telemetry;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

public sealed class ToldSourcesTests
{
    [Fact]
    public void A_peer_that_tells_another_story_each_time_is_unknown_after_the_limit_and_known_stories_stay()
    {
        ToldSources sources = new();
        for (int i = 0; i < ToldSources.MaxSources; i++)
        {
            Assert.NotNull(sources.Of(new Baggage { Namespace = $"ns-{i}" }));
        }

        Assert.Null(sources.Of(new Baggage { Namespace = "one-too-many" }));
        Assert.Equal("ns-7", sources.Of(new Baggage { Namespace = "ns-7" })?.Namespace);
    }

    [Fact]
    public void A_story_longer_than_the_limit_is_not_believed() =>
        Assert.Null(new ToldSources().Of(new Baggage { Namespace = new string('x', ToldSources.MaxLength + 1) }));
}
