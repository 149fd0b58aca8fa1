using Ambient.ControlPlane.Sources;
using Ambient.ControlPlane.Telemetry;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Testing.Certs;

namespace Ambient.UnitTests.ControlPlane.Sources;

public sealed class ObjectFeedTests : IObjectObserver
{
    private readonly ChangeQueue _queue = new(DebounceTimes.Default, new ManualTime());
    private readonly List<string> _seen = [];
    private readonly ObjectFeed<Pod> _feed;

    public ObjectFeedTests() => _feed = new ObjectFeed<Pod>(ObjectKind.Pod, _queue, this, new SourceMetrics());

    void IObjectObserver.Seen(ObjectKey key, IKubernetesObject value) => _seen.Add("+" + key.Name);

    void IObjectObserver.Gone(ObjectKey key) => _seen.Add("-" + key.Name);

    [Fact]
    public void The_first_list_is_in_the_queue_when_it_says_so()
    {
        List("a1", "b1");

        Assert.True(_feed.Synced.IsCompletedSuccessfully);
        Assert.Equal(["a", "b"], _queue.TakeNow().Changes.Select(change => change.Key.Name).Order());
    }

    [Fact]
    public void A_later_list_tells_only_what_differs()
    {
        List("a1", "b1", "c1");
        _queue.TakeNow();
        _seen.Clear();
        List("a1", "b2", "d1");

        Assert.Equal(["+b", "+d", "-c"], _seen);
        Assert.Equal(["c"], _queue.TakeNow().Changes.Where(change => change.Object is null).Select(change => change.Key.Name));
    }

    [Fact]
    public void A_list_that_breaks_off_takes_nothing_away()
    {
        List("a1", "b1");
        _queue.TakeNow();
        _feed.BeginList();
        _feed.Listed(Pod("a1"));

        Assert.Empty(_queue.TakeNow().Changes);
    }

    [Fact]
    public void A_deletion_of_what_was_never_seen_is_not_told()
    {
        _feed.Deleted(Pod("x1"));

        Assert.Empty(_queue.TakeNow().Changes);
    }

    private void List(params ReadOnlySpan<string> pods)
    {
        _feed.BeginList();
        foreach (string pod in pods)
        {
            _feed.Listed(Pod(pod));
        }

        Assert.Equal(pods.Length, _feed.EndList());
    }

    private static Pod Pod(string nameAndVersion) => new()
    {
        Metadata = new ObjectMeta { Namespace = "shop", Name = nameAndVersion[..1], ResourceVersion = nameAndVersion[1..] },
    };
}
