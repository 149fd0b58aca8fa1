using Ambient.Xds.Protocol;

namespace Ambient.UnitTests.Xds;

public sealed class DemandedNamesTests
{
    private readonly DemandedNames _names = new();

    [Fact]
    public void Everybody_who_waits_for_a_name_is_released_by_one_answer()
    {
        Task first = _names.Wait("a", out bool isFirstNew);
        Task second = _names.Wait("a", out bool isSecondNew);

        _names.Release("a");

        Assert.Equal((true, false), (isFirstNew, isSecondNew));
        Assert.True(first.IsCompletedSuccessfully && second.IsCompletedSuccessfully);
        Assert.Empty(_names.Pending);
    }

    [Fact]
    public void A_control_plane_that_answers_nothing_is_asked_for_a_bounded_number_of_names()
    {
        for (int i = 0; i < DemandedNames.MaxNames; i++)
        {
            _ = _names.Wait($"name-{i}", out _);
        }

        Task beyond = _names.Wait("one more", out bool isNew);
        Task known = _names.Wait("name-7", out _);
        _names.Release("name-7");

        Assert.Equal((false, false), (isNew, beyond.IsCompleted));
        Assert.True(known.IsCompletedSuccessfully);
        Assert.Equal(DemandedNames.MaxNames - 1, _names.Pending.Count);
    }
}
