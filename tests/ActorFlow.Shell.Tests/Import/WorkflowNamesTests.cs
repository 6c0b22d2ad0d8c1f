using ActorFlow.Core.Definitions;
using ActorFlow.Shell.Import;
using CsCheck;

namespace ActorFlow.Shell.Tests.Import;

public sealed class WorkflowNamesTests
{
    [Fact]
    public void Any_text_becomes_a_valid_workflow_name() =>
        Gen.String.Sample(text => Assert.True(Identifiers.IsWorkflowName(WorkflowNames.Workflow(text))));

    [Fact]
    public void Any_texts_become_valid_task_ids_that_differ() => Gen.String.Array[0, 30].Sample(texts =>
    {
        var names = new WorkflowNames();
        var ids = texts.Select(names.Task).ToList();

        Assert.All(ids, id => Assert.True(Identifiers.IsTaskId(id), id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    });

    [Fact]
    public void Long_ids_that_begin_alike_stay_different()
    {
        var names = new WorkflowNames();
        var ids = Enumerable.Range(0, 12).Select(i => names.Task(new string('x', 120) + i)).ToList();

        Assert.All(ids, id => Assert.True(Identifiers.IsTaskId(id), id));
        Assert.Equal(12, ids.Distinct().Count());
    }

    [Fact]
    public void A_valid_id_stays_as_it_is() => Assert.Equal("mProject_ID0000001", new WorkflowNames().Task("mProject_ID0000001"));
}
