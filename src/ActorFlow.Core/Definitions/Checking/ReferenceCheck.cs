using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks the names that expressions refer to.</summary>
internal sealed class ReferenceCheck(Findings findings)
{
    /// <param name="template">The template that holds the expressions.</param>
    /// <param name="standpoint">Where it stands.</param>
    /// <param name="path">The path of the text.</param>
    public void Run(Template template, Standpoint standpoint, DefinitionPath path)
    {
        foreach (var site in template.Sites)
        {
            foreach (var reference in site.Expression.References)
            {
                Check(reference, standpoint, path, site.Offset + reference.Position);
            }

            foreach (var fault in site.Expression.Faults)
            {
                findings.Error(DefinitionCodes.ExpressionFault, path, fault.Message, offset: site.Offset + fault.Position);
            }
        }
    }

    private void Check(ExpressionReference reference, Standpoint standpoint, DefinitionPath path, int offset)
    {
        switch (reference.Kind)
        {
            case ReferenceKind.Task:
                CheckTask(reference.Name!, standpoint, path, offset);
                break;

            case ReferenceKind.Item or ReferenceKind.Index when !standpoint.InFanOut:
                var name = reference.Kind is ReferenceKind.Item ? "item" : "index";
                findings.Error(DefinitionCodes.NotInLoop, path, $"`{name}` is there only within a `for-each`", offset: offset);
                break;

            case ReferenceKind.Iteration when !standpoint.InLoop:
                findings.Error(DefinitionCodes.NotInLoop, path, "`iteration` is there only within a `repeat`", offset: offset);
                break;

            case ReferenceKind.Secret when !standpoint.SeesSecrets:
                findings.Error(DefinitionCodes.SecretNotAllowed, path, "secrets are there only in `with` of `uses` and of `compensate`", offset: offset);
                break;
        }
    }

    /// <summary>Finds the task in the innermost scope that has it. There it must be upstream of the task that holds the expression.</summary>
    private void CheckTask(string id, Standpoint standpoint, DefinitionPath path, int offset)
    {
        var (task, seesItself) = (standpoint.Task, standpoint.SeesItself);
        for (var scope = standpoint.Scope; scope is not null; scope = scope.Parent)
        {
            if (scope.TryFind(id, out var target))
            {
                scope.IsRead[target] = true;
                CheckUpstream(scope, task, target, seesItself, path, offset);
                return;
            }

            task = scope.Owner;
            seesItself = scope.OwnerTask?.Repeat is not null;
        }

        var known = standpoint.Scope.Ids.Concat(standpoint.Scope.Parent?.Ids ?? []);
        findings.Error(DefinitionCodes.UnknownTask, path, $"no task {Excerpt.Of(id)} in sight{findings.Suggest(id, known)}", offset: offset);
    }

    private void CheckUpstream(Scope scope, int task, int target, bool seesItself, DefinitionPath path, int offset)
    {
        if (task == Standpoint.WholeScope || (task == target && seesItself))
        {
            return;
        }

        if (task == target)
        {
            var id = Excerpt.Of(scope.Tasks[task].Id);
            findings.Error(DefinitionCodes.NotUpstream, path, $"{id} names itself; a task may do so in its `repeat` and its `compensate` only", offset: offset);
            return;
        }

        scope.References.Add(new(task, target, path, offset));
    }
}
