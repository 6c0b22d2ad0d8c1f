using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Texts that several tests read.</summary>
internal static class Samples
{
    /// <summary>The example of the language page, comments and all.</summary>
    public const string LanguagePage = """
        name: order-fulfilment            # [a-z0-9][a-z0-9._-]{0,99}
        version: 3                        # integer >= 1 (default 1)
        description: Reserve, charge, ship.
        input:                            # optional JSON Schema (the 2020-12 subset); a start whose input fails it is rejected
          type: object
          required: [orderId, items]
        defaults: { timeout: 30s, queue: default, retry: { max-attempts: 3 } }
        timeout: 2d                       # the whole run
        max-parallel: 50                  # tasks of one run that may be in flight at once (default: unbounded)
        on-failure: fail                  # fail (default) | compensate
        checkpoint: { every: 50 }         # snapshot every N events (default 100); tasks may also say `checkpoint: true`
        tasks:
          reserve:
            uses: inventory.reserve       # a task handler registered on worker nodes
            with: { items: "${{ input.items }}" }
            compensate: { uses: inventory.release, with: { id: "${{ tasks.reserve.output.id }}" } }
          risk:
            switch:                       # first true case wins; its label is the task's output
              - { case: manual, if: "${{ input.total > 1000 }}" }
              - { case: auto }            # no `if`: the default
            needs: [reserve]
          approve:
            ask: { kind: approval, prompt: "Ship order ${{ input.orderId }}?" }
            needs: [risk.manual]          # `task.case`: only along that branch
            timeout: 24h
          charge:
            uses: payments.charge
            needs: [risk.auto, approve]   # join: runs once all are settled and at least one completed
            if: ${{ tasks.approve.status != 'completed' || tasks.approve.output.value === true }}
            retry: { max-attempts: 5, backoff: exponential, initial: 1s, max: 1m, factor: 2, jitter: 0.2, non-retryable: [CardDeclined] }
          ship:
            for-each: ${{ input.items }}  # dynamic fan-out; output is the array of results, in order
            max-parallel: 10
            uses: shipping.ship
            with: { sku: "${{ item.sku }}", n: "${{ index }}" }
            needs: [charge]
        output:
          receipt: ${{ tasks.charge.output?.id }}   # charge may be skipped: then its output is null
          parcels: ${{ tasks.ship.output }}
        """;

    /// <summary>The same as it was stored before there were questions to people: a wait in their place.</summary>
    public const string OrderFulfilment = """
        name: order-fulfilment            # [a-z0-9][a-z0-9._-]{0,99}
        version: 3                        # integer >= 1 (default 1)
        description: Reserve, charge, ship.
        input:
          type: object
          required: [orderId, items]
        defaults: { timeout: 30s, queue: default, retry: { max-attempts: 3 } }
        timeout: 2d
        max-parallel: 50
        on-failure: fail
        checkpoint: { every: 50 }
        tasks:
          reserve:
            uses: inventory.reserve
            with: { items: "${{ input.items }}" }
            compensate: { uses: inventory.release, with: { id: "${{ tasks.reserve.output.id }}" } }
          risk:
            switch:
              - { case: manual, if: "${{ input.total > 1000 }}" }
              - { case: auto }
            needs: [reserve]
          approve:
            delay: 1d
            needs: [risk.manual]
          charge:
            uses: payments.charge
            needs: [risk.auto, approve]
            if: ${{ tasks.approve.status != 'completed' || tasks.approve.output === null }}
            retry: { max-attempts: 5, backoff: exponential, initial: 1s, max: 1m, factor: 2, jitter: 0.2, non-retryable: [CardDeclined] }
          ship:
            for-each: ${{ input.items }}
            max-parallel: 10
            uses: shipping.ship
            with: { sku: "${{ item.sku }}", n: "${{ index }}" }
            needs: [charge]
        output:
          receipt: ${{ tasks.charge.output?.id }}
          parcels: ${{ tasks.ship.output }}
        """;

    /// <summary>The definitions of a text that is valid.</summary>
    public static WorkflowDefinition Read(string text, string file = "flow.yaml")
    {
        var documents = DefinitionReader.Read(text, file);
        Assert.Empty(documents.Errors);
        return documents.Main;
    }
}
