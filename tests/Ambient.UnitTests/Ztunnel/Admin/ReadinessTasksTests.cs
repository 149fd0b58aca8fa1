using Ambient.Ztunnel.Admin;

namespace Ambient.UnitTests.Ztunnel.Admin;

public sealed class ReadinessTasksTests
{
    [Fact]
    public void Is_ready_when_nothing_is_pending_and_a_task_may_come_back()
    {
        var tasks = new ReadinessTasks();
        Assert.True(tasks.IsReady);

        tasks.Add(ReadinessTasks.StateTask);
        tasks.Add(ReadinessTasks.ProxyTask);
        tasks.Add(ReadinessTasks.ProxyTask);
        Assert.Equal(["proxy", "state manager"], tasks.Pending);

        tasks.Clear(ReadinessTasks.ProxyTask);
        tasks.Clear(ReadinessTasks.StateTask);
        tasks.Clear(ReadinessTasks.StateTask);
        Assert.True(tasks.IsReady);

        tasks.Add(ReadinessTasks.WorkloadsTask);
        Assert.False(tasks.IsReady);
    }
}
