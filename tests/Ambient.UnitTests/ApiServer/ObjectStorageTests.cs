using System.Text.Json.Nodes;
using Ambient.ApiServer;
using Ambient.ApiServer.Serving;
using Ambient.ApiServer.Storage;

namespace Ambient.UnitTests.ApiServer;

public sealed class ObjectStorageTests
{
    private static readonly ServedKind Pods = BuiltInKinds.All.Single(kind => kind.Plural == "pods");

    [Fact]
    public void A_list_that_was_taken_does_not_change_any_more()
    {
        ObjectStorage storage = new(new ObjectStorageLimits());
        Put(storage, "a");

        IReadOnlyCollection<StoredObject> taken = storage.List(Pods).Objects;
        Put(storage, "b");

        Assert.Equal(["a"], taken.Select(value => value.Name));
        Assert.Equal(["a", "b"], storage.List(Pods).Objects.Select(value => value.Name));
    }

    [Fact]
    public void Objects_are_listed_by_namespace_and_name_whatever_the_order_they_came_in()
    {
        ObjectStorage storage = new(new ObjectStorageLimits());
        Random random = new(1);
        (string, string)[] places = [.. Enumerable.Range(0, 500).Select(_ => ($"n{random.Next(9)}", $"p{random.Next(200)}")).Distinct()];
        foreach ((string space, string name) in places)
        {
            Put(storage, name, space);
        }

        Assert.Equal(
            places.OrderBy(place => place.Item1, StringComparer.Ordinal).ThenBy(place => place.Item2, StringComparer.Ordinal),
            storage.List(Pods).Objects.Select(value => (value.Namespace, value.Name)));
    }

    [Fact]
    public void A_watch_begins_with_what_it_has_missed_and_a_removal_has_a_version_of_its_own()
    {
        ObjectStorage storage = new(new ObjectStorageLimits());
        long start = storage.Version;
        Put(storage, "a");
        storage.Change(Pods, "shop", "a", _ => null);

        using ObjectWatch watch = storage.Watch(Pods, start);

        Assert.Equal(2, watch.Missed.Count);
        StorageEvent removal = watch.Missed[1];
        Assert.Null(removal.After);
        Assert.Equal(removal.Version, removal.Gone!.Version);
        Assert.True(removal.Version > removal.Before!.Version);
    }

    [Fact]
    public void A_version_that_is_not_remembered_any_more_is_refused()
    {
        ObjectStorage storage = new(new ObjectStorageLimits { MaxHistory = 3 });
        long start = storage.Version;
        for (int index = 0; index < 4; index++)
        {
            Put(storage, $"p{index}");
        }

        Assert.Equal(410, Assert.Throws<ApiException>(() => storage.Watch(Pods, start)).Code);
        using ObjectWatch watch = storage.Watch(Pods, start + 1);
        Assert.Equal(3, watch.Missed.Count);
    }

    [Fact]
    public void A_watch_that_is_not_read_ends_and_the_others_go_on()
    {
        ObjectStorage storage = new(new ObjectStorageLimits { MaxUnreadChanges = 2 });
        using ObjectWatch slow = storage.Watch(Pods, storage.Version);
        using ObjectWatch quick = storage.Watch(Pods, storage.Version);
        int read = 0;
        for (int index = 0; index < 10; index++)
        {
            Put(storage, $"p{index}");
            read += quick.Changes.TryRead(out _) ? 1 : 0;
        }

        Assert.Equal(10, read);
        int left = 0;
        while (slow.Changes.TryRead(out _))
        {
            left++;
        }

        Assert.Equal(3, left);
        Assert.True(slow.Changes.Completion.IsCompleted);
    }

    [Fact]
    public void Every_limit_is_said_by_the_answer()
    {
        ObjectStorage few = new(new ObjectStorageLimits { MaxObjectsOfAKind = 1 });
        Put(few, "a");
        Assert.Equal(429, Assert.Throws<ApiException>(() => Put(few, "b")).Code);
        Put(few, "a", value: "changed");

        ObjectStorage small = new(new ObjectStorageLimits { MaxBytes = 200 });
        Put(small, "a");
        Assert.Equal(429, Assert.Throws<ApiException>(() => Put(small, "b", value: new string('x', 200))).Code);
        Assert.Null(small.Find(Pods, "shop", "b"));
        small.Change(Pods, "shop", "a", _ => null);
        Put(small, "c");

        ObjectStorage lonely = new(new ObjectStorageLimits { MaxWatches = 1 });
        ObjectWatch only = lonely.Watch(Pods, 1);
        Assert.Equal(429, Assert.Throws<ApiException>(() => lonely.Watch(Pods, 1)).Code);
        only.Dispose();
        only.Dispose();
        lonely.Watch(Pods, 1).Dispose();
        lonely.Watch(Pods, 1).Dispose();
    }

    private static void Put(ObjectStorage storage, string name, string space = "shop", string value = "") => storage.Change(Pods, space, name, _ => new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = space },
        ["value"] = value,
    });
}
